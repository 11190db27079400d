/** Which types have templates: records of another type that make several at once. */
import { useObjectType } from '@/api/catalog';
import type { FieldValue, ObjectType, RecordItem } from '@/api/types';

const TEMPLATES: Readonly<Record<string, string>> = { task: 'task_template' };
/** What a template can be used for. */
const USED_FOR = ['contact', 'deal', 'event'];

/** The type of the templates of a type, where the person may use them. */
export function useTemplateType(type: ObjectType): ObjectType | undefined {
  const templates = useObjectType(TEMPLATES[type.name] ?? '');
  return type.permissions.create && templates?.permissions.see === true ? templates : undefined;
}

/** Whether the records of a type may have what a template makes. */
export function isUsedFor(typeName: string): boolean {
  return USED_FOR.includes(typeName);
}

/** The day that a record is about, to count from: an event begins, a deal is to be closed. */
export function dayOfRecord(type: ObjectType, record: RecordItem | undefined): FieldValue {
  const field = type.calendar?.begins ?? type.fields.find(({ kind, is_retired: isRetired }) => kind === 'date' && !isRetired)?.name;
  return field === undefined ? null : (record?.values[field] ?? null);
}
