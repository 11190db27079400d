/** The first rows as they will be recorded, field by field, with what is wrong beside the field it belongs to. */
import type { Field, FieldValue, ImportColumn, ImportPreviewRow, ObjectType } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { fieldNameOf } from './target-options';

export type PreviewProblem = ImportPreviewRow['problems'][number];

export interface PreviewField {
  field: Field;
  value: FieldValue;
  problems: PreviewProblem[];
}

export interface PreviewRecord {
  /** The title as far as it is known before the record exists. */
  title: string;
  fields: PreviewField[];
  /** Problems of the row as a whole, or of a column that fills no field of its own. */
  problems: PreviewProblem[];
}

function fieldOf(problem: PreviewProblem, columns: readonly ImportColumn[]): string | null {
  if (problem.field != null) return problem.field;
  const target = columns.find((column) => column.index === problem.column)?.target ?? null;
  return target === null ? null : fieldNameOf(target);
}

/** One row of the preview in the order of the card; empty fields without a problem are left out. */
export function previewRecord(row: ImportPreviewRow, columns: readonly ImportColumn[], type: ObjectType): PreviewRecord {
  const problems = row.problems.map((problem) => ({ problem, field: fieldOf(problem, columns) }));
  const fields = type.fields
    .filter((field) => field.name !== type.title_field)
    .map((field) => ({
      field,
      value: row.values[field.name],
      problems: problems.filter((entry) => entry.field === field.name).map((entry) => entry.problem),
    }))
    .filter((entry) => !isEmptyValue(entry.value) || entry.problems.length > 0);
  const placed = new Set(fields.flatMap((entry) => entry.problems));
  return {
    title: titleOf(row, type),
    fields,
    problems: row.problems.filter((problem) => !placed.has(problem)),
  };
}

/** The title of a row as far as it is known: the title field, or the texts of the group of names it is made of. */
export function titleOf(row: ImportPreviewRow, type: ObjectType): string {
  const title = row.values[type.title_field];
  if (typeof title === 'string' && title !== '') return title;
  return type.fields
    .filter((field) => field.group === 'name' && field.kind === 'text')
    .map((field) => row.values[field.name])
    .filter((value): value is string => typeof value === 'string' && value !== '')
    .join(' ');
}
