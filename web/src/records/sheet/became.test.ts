import { describe, expect, it } from 'vitest';
import { keyNow, planNow } from './became';

const became = new Map([[-1, 55]]);

describe('a row that has become a record', () => {
  it('is that record in a plan made before', () => {
    const rows = [
      { id: -1, version: 0, values: {}, texts: { last_name: 'Иванов' } },
      { id: -2, version: 0, values: {}, texts: { last_name: 'Петров' } },
      { id: 7, version: 3, values: {}, texts: { last_name: 'Сидоров' } },
    ];
    const shown = new Map([
      ['-1/last_name', 'Иванов'],
      ['-2/last_name', 'Петров'],
      ['7/last_name', 'Сидоров'],
    ]);
    const plan = planNow({ rows, shown }, became);
    expect(plan.rows.map((row) => row.id)).toEqual([55, -2, 7]);
    expect([...plan.shown]).toEqual([
      ['55/last_name', 'Иванов'],
      ['-2/last_name', 'Петров'],
      ['7/last_name', 'Сидоров'],
    ]);
  });

  it('names its cells', () => {
    expect(keyNow('-1/channels.phone', became)).toBe('55/channels.phone');
    expect(keyNow('-11/channels.phone', became)).toBe('-11/channels.phone');
  });
});
