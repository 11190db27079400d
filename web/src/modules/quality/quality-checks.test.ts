import { describe, expect, it } from 'vitest';
import { completeness, qualityChecks, wholeFilter } from './quality-checks';

describe('qualityChecks', () => {
  it('asks each kind for what it should have', () => {
    const keys = qualityChecks('company').map((check) => check.key);
    expect(keys).toEqual(['phone', 'email', 'type', 'source', 'manager', 'address', 'requisites', 'contact_person']);
    const [phone] = qualityChecks('person');
    expect(phone && wholeFilter(phone)).toBe('kind = "person" and channels.phone is empty');
  });
});

describe('completeness', () => {
  it('is the mean share of what is there', () => {
    expect(completeness(10, [0, 5])).toBe(0.75);
    expect(completeness(10, [10, 10])).toBe(0);
    expect(completeness(10, [5, null, undefined])).toBe(0.5);
  });

  it('is unknown without cards and without answers', () => {
    expect(completeness(0, [0])).toBeNull();
    expect(completeness(undefined, [1])).toBeNull();
    expect(completeness(10, [null])).toBeNull();
  });
});
