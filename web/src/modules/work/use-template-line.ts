import { useQueryClient } from '@tanstack/react-query';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord } from '@/api/records';
import type { FieldValue, RecordItem, Values } from '@/api/types';

export interface TemplateLine {
  /** `shown` are references as they are drawn at once. */
  save: (values: Values, shown?: Readonly<Record<string, FieldValue>>) => void;
  /** What is wrong, in words, with the last change. */
  problem: string | null;
  /** The field that it is about. */
  field: string | null;
}

/** Saves the fields of a task of a template as they are changed. */
export function useTemplateLine(item: RecordItem): TemplateLine {
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const change = useChangeRecord('task_template_line');
  const [field, problems] = [...fieldProblems(change.error)][0] ?? [];
  const first = problems?.[0];
  return {
    save: (values, shown) => change.mutate({ id: item.id, version: item.version, values, shown: shown ?? values }, { onSuccess: () => forgetRecords(client, 'task_template_line') }),
    problem: !change.isError ? null : first === undefined ? errorText(change.error) : codeText(first.code, first.params),
    field: field ?? null,
  };
}
