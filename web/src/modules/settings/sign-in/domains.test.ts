import { describe, expect, it } from 'vitest';
import { domainsOf } from './domains';

describe('domains as they are typed', () => {
  it('are told apart however they are written', () => {
    expect(domainsOf('Example.org, @example.com;example.org\n office.example ')).toEqual(['example.org', 'example.com', 'office.example']);
    expect(domainsOf(' ')).toEqual([]);
  });
});
