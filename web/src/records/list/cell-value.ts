import type { FieldValue, RecordItem } from '@/api/types';

/** The instants and people of a record stand beside its values, not among them. */
export function cellValue(record: RecordItem, name: string): FieldValue {
  switch (name) {
    case 'id':
      return record.id;
    case 'created_at':
      return record.created_at;
    case 'updated_at':
      return record.updated_at;
    case 'created_by':
      return record.created_by;
    case 'updated_by':
      return record.updated_by;
    default:
      return record.values[name];
  }
}
