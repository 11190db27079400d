import { describe, expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { forNewRecord } from './offered';

const field = (options: object[]) => ({ name: 'pipeline', kind: 'choice', default: 'sales', settings: { options } }) as unknown as Field;

describe('options for new records', () => {
  it('are all without teams', () => {
    const own = field([{ key: 'sales' }, { key: 'wholesale' }]);
    expect(forNewRecord(own)).toBe(own);
  });
  it('are those of the teams of whoever makes it, and so is the default', () => {
    const own = forNewRecord(field([{ key: 'sales', is_offered: false }, { key: 'old', is_retired: true }, { key: 'wholesale', is_offered: true }]));
    expect(own.settings.options?.map(({ key }) => key)).toEqual(['old', 'wholesale']);
    expect(own.default).toBe('wholesale');
    expect(forNewRecord(field([{ key: 'sales', is_offered: true }, { key: 'wholesale', is_offered: false }])).default).toBe('sales');
  });
});
