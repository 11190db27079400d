import { describe, expect, it } from 'vitest';
import type { Job } from '@/api/types';
import { jobFile } from './job-file';

const imports = [{ file_name: 'клиенты.xlsx', job: { id: 7 } as Job }];

describe('the file of a job', () => {
  it('of an import is looked up', () => {
    expect(jobFile({ id: 7, kind: 'import', report: null }, imports)).toBe('клиенты.xlsx');
    expect(jobFile({ id: 7, kind: 'import_check', report: null }, imports)).toBe('клиенты.xlsx');
    expect(jobFile({ id: 8, kind: 'import', report: null }, imports)).toBeNull();
  });

  it('of an export stands in its report', () => {
    expect(jobFile({ id: 7, kind: 'export', report: { file_name: 'Контакты.xlsx' } }, imports)).toBe('Контакты.xlsx');
    expect(jobFile({ id: 7, kind: 'export', report: null }, imports)).toBeNull();
  });

  it('is none for other work', () => expect(jobFile({ id: 7, kind: 'bulk', report: null }, imports)).toBeNull());
});
