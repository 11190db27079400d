import type { Field, RecordItem } from '@/api/types';

/** Whether a field of this record may be written: the record, the field of its type, and the field in this record are open. */
export function mayEdit(record: RecordItem, field: Field): boolean {
  const isLocked = record.locked_fields?.includes(field.name) === true;
  return record.can_edit && record.deleted_at === null && field.access === 'write' && !field.is_read_only && !isLocked;
}
