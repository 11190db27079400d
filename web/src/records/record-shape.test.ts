import { describe, expect, it } from 'vitest';
import { shapeOf, signOf } from './record-shape';

describe('the sign of a record', () => {
  it('tells company from person and man from woman', () => {
    expect(signOf({ values: { kind: 'company', gender: 'female' } })).toBe('company');
    expect(signOf({ values: { kind: 'person' } })).toBe('person');
    expect(signOf({ values: { kind: 'person', gender: 'male' } })).toBe('man');
    expect(signOf({ values: { kind: 'person', gender: 'female' } })).toBe('woman');
  });

  it('stands at nothing that is neither', () => {
    expect(signOf({ values: { gender: 'male' } })).toBeNull();
    expect(shapeOf({ values: {} })).toBe('round');
  });
});
