import { describe, expect, it } from 'vitest';
import { keepsSecret, kindOf, newDirectory, withKind, withSecurity } from './directory-draft';

describe('a directory that is written', () => {
  it('knows the usual values of its kind', () => {
    const directory = newDirectory();
    expect(kindOf(directory)).toBe('active_directory');
    expect(kindOf(withKind(directory, 'openldap'))).toBe('openldap');
    expect(kindOf({ ...directory, filter: '(cn={login})' })).toBeNull();
  });

  it('takes the usual port along with the protection, and no other', () => {
    const directory = newDirectory();
    expect(withSecurity(directory, 'start_tls').port).toBe(389);
    expect(withSecurity({ ...directory, port: 3269 }, 'start_tls').port).toBe(3269);
    expect(withSecurity({ ...directory, security: 'none', accepts_clear_text: true }, 'ldaps').accepts_clear_text).toBe(false);
  });

  it('keeps the password for the server that it was given for', () => {
    const directory = { ...newDirectory(), host: 'dc.example.org' };
    expect(keepsSecret({ ...directory, host: ' DC.example.org', filter: '(cn={login})' }, directory)).toBe(true);
    expect(keepsSecret({ ...directory, host: 'other.example.org' }, directory)).toBe(false);
    expect(keepsSecret({ ...directory, port: 637 }, directory)).toBe(false);
  });
});
