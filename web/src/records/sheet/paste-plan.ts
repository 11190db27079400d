/** What a paste, a fill or a clearing writes where. */
import type { CellsRow } from '@/api/cells';
import type { Field, FieldValue, RecordItem } from '@/api/types';
import { toWrite } from '../editing/same-value';
import type { Column } from '../list/columns';
import type { Bounds } from './range';

/** A rectangle of inputs with the fields that they were copied from, where that is known. */
export interface Clip {
  cells: readonly (readonly { text: string; value?: FieldValue }[])[];
  /** Names of the fields, by column. */
  fields: readonly string[] | null;
}

export interface PastePlan {
  rows: CellsRow[];
  /** What is written where, for the screen until the server has answered: by `id/field`. */
  shown: ReadonlyMap<string, string>;
  /** The cells that the clip covers. */
  bounds: Bounds;
  /** Columns of the clip beyond the last column. */
  lostColumns: number;
  /** Rows of the clip beyond the last row. */
  lostRows: number;
  /** Cells that nobody may write. */
  locked: number;
}

export function cellKey(id: number, field: string): string {
  return `${id}/${field}`;
}

function widthOf(clip: Clip): number {
  return clip.cells.reduce((widest, row) => Math.max(widest, row.length), 1);
}

/** How far a clip reaches from its corner: a larger range that it divides evenly is filled with repetitions, as spreadsheets do. */
export function pasteBounds(clip: Clip, range: Bounds): Bounds {
  const height = clip.cells.length;
  const width = widthOf(clip);
  const rows = range.bottom - range.top + 1;
  const columns = range.right - range.left + 1;
  const isRepeated = rows % height === 0 && columns % width === 0;
  return {
    top: range.top,
    left: range.left,
    bottom: range.top + (isRepeated ? rows : height) - 1,
    right: range.left + (isRepeated ? columns : width) - 1,
  };
}

/** Puts a clip into the cells from the corner of the bounds on. A text alone is read by the server; a value goes only into its own field. */
export function planPaste(
  clip: Clip,
  bounds: Bounds,
  records: readonly RecordItem[],
  columns: readonly Column[],
  canWrite: (record: RecordItem, field: Field) => boolean,
  read: (text: string, field: Field) => string,
): PastePlan {
  const plan = { rows: [] as CellsRow[], shown: new Map<string, string>(), locked: 0 };
  const height = clip.cells.length;
  const width = widthOf(clip);
  const bottom = Math.min(bounds.bottom, records.length - 1);
  const right = Math.min(bounds.right, columns.length - 1);
  for (let row = bounds.top; row <= bottom; row += 1) {
    const record = records[row];
    const source = clip.cells[(row - bounds.top) % height];
    if (record === undefined || source === undefined) continue;
    const values: Record<string, FieldValue> = {};
    const texts: Record<string, string> = {};
    for (let at = bounds.left; at <= right; at += 1) {
      const column = columns[at];
      const place = (at - bounds.left) % width;
      // A short row of a clip says nothing about the columns it does not have.
      const cell = source[place];
      if (column === undefined || cell === undefined) continue;
      if (!canWrite(record, column.field)) {
        plan.locked += 1;
        continue;
      }
      // An empty cell says nothing of a record that is yet to be made.
      if (record.id < 0 && cell.text === '') continue;
      const { name } = column.field;
      if ('value' in cell && clip.fields?.[place] === name) values[name] = toWrite(cell.value);
      else texts[name] = read(cell.text, column.field);
      plan.shown.set(cellKey(record.id, name), cell.text);
    }
    if (Object.keys(values).length + Object.keys(texts).length > 0) plan.rows.push({ id: record.id, version: record.version, values, texts });
  }
  return {
    ...plan,
    bounds: { ...bounds, bottom: Math.max(bounds.top, bottom), right: Math.max(bounds.left, right) },
    lostRows: Math.max(0, bounds.bottom - (records.length - 1)),
    lostColumns: Math.max(0, bounds.right - (columns.length - 1)),
  };
}
