/** Places in the table by record and field: a live change re-orders the rows, and a number would then mean another record. */
import { fieldKind } from '@/fields/registry';
import type { Field, RecordItem } from '@/api/types';
import { mayEdit } from '../may-edit';
import type { Column } from './columns';
import type { Cursor } from './use-grid-keys';

export interface CellPlace {
  id: number;
  field: string;
}

export interface CursorPlace {
  /** Null before the cursor has been moved. */
  id: number | null;
  field: string | null;
  /** The row where it was put, for when its record has left the list. */
  row: number;
}

type Rows = readonly Pick<RecordItem, 'id'>[];

export function isSamePlace(a: CellPlace, b: CellPlace): boolean {
  return a.id === b.id && a.field === b.field;
}

/** Row and column of the cursor as the list stands now. */
export function findCursor(place: CursorPlace, records: Rows, columns: readonly Pick<Column, 'field'>[]): Cursor {
  const row = records.findIndex((record) => record.id === place.id);
  const column = columns.findIndex(({ field }) => field.name === place.field);
  return {
    row: row === -1 ? Math.max(0, Math.min(place.row, records.length - 1)) : row,
    column: Math.max(0, column),
  };
}

export function placeAt({ row, column }: Cursor, records: Rows, columns: readonly Pick<Column, 'field'>[]): CursorPlace {
  return { id: records[row]?.id ?? null, field: columns[column]?.field.name ?? null, row };
}

/** The rows to draw: those in sight, and those being edited wherever they went, or their editor would go with them. */
export function withEdited(inSight: readonly number[], edited: readonly CellPlace[], records: Rows): number[] {
  if (edited.length === 0) return [...inSight];
  const rows = edited.map(({ id }) => records.findIndex((record) => record.id === id)).filter((row) => row !== -1);
  return [...new Set([...inSight, ...rows])].sort((a, b) => a - b);
}

/** Whether a cell may be edited in its place; blocks need more room than a row has. */
export function canEditCell(record: RecordItem, field: Field): boolean {
  return mayEdit(record, field) && fieldKind(field.kind).editing !== 'sheet';
}
