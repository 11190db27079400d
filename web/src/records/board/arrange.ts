/** The columns of a board as they are drawn: each card where its record says that it is, not where it was when the board was read. */
import { addend, tallyWith, type BoardPage, type BoardSum } from '@/api/boards';
import type { ChoiceOption, Field, RecordItem } from '@/api/types';
import { asText } from '@/fields/values';

/** A card that is held over another column: lifted with the keyboard, being written, or waiting for what its new column asks for. */
export interface Held {
  id: number;
  to: string | null;
}

export interface ArrangedColumn extends Omit<BoardPage, 'option'> {
  key: string | null;
  /** Undefined for the column of records without a value. */
  option: ChoiceOption | undefined;
}

type Arranging = BoardPage & { key: string | null };

/** The key of the column in which a record stands. */
export function columnOf(record: Pick<RecordItem, 'values'>, field: Field): string | null {
  return asText(record.values[field.name]) || null;
}

/** Puts the cards into their columns; one that has come from another stands first until the board is read again. */
export function arrange(pages: readonly BoardPage[], field: Field, { held = [], sum }: { held?: readonly Held[]; sum?: string } = {}): ArrangedColumn[] {
  const added = (record: RecordItem): BoardSum | null => (sum === undefined ? null : addend(record.values[sum]));
  const columns = new Map(
    pages.map((page): [string | null, Arranging] => [page.option, { ...page, items: [], key: page.option }]),
  );
  const moved: { record: RecordItem; to: string | null }[] = [];
  for (const page of pages) {
    for (const record of page.items) {
      const own = columns.get(page.option);
      if (own === undefined) break;
      const over = held.find(({ id }) => id === record.id);
      const to = over === undefined ? columnOf(record, field) : over.to;
      if (to === page.option) {
        own.items.push(record);
        continue;
      }
      columns.set(page.option, tallyWith(own, added(record), -1));
      moved.push({ record, to });
    }
  }
  for (const { record, to } of moved.reverse()) {
    const column = columns.get(to);
    if (column === undefined || column.items.some(({ id }) => id === record.id)) continue;
    columns.set(to, { ...tallyWith(column, added(record), 1), items: [record, ...column.items] });
  }
  return [...columns.values()].map((column) => ({ ...column, option: field.settings.options?.find((option) => option.key === column.key) }));
}

/** Where a card is: its column and its place in it. */
export function placeOfCard(columns: readonly ArrangedColumn[], id: number): { column: number; row: number } | null {
  for (const [column, { items }] of columns.entries()) {
    const row = items.findIndex((record) => record.id === id);
    if (row !== -1) return { column, row };
  }
  return null;
}

/** The card to which an arrow leads; null where there is none. Empty and folded columns are passed over. */
export function nextCard(columns: readonly ArrangedColumn[], id: number, key: string, isFolded: (key: string | null) => boolean): number | null {
  const place = placeOfCard(columns, id);
  if (place === null) return null;
  const items = columns[place.column]?.items ?? [];
  if (key === 'ArrowDown' || key === 'ArrowUp') return items[place.row + (key === 'ArrowDown' ? 1 : -1)]?.id ?? null;
  if (key === 'Home') return items[0]?.id ?? null;
  if (key === 'End') return items.at(-1)?.id ?? null;
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const step = key === 'ArrowRight' ? 1 : -1;
  for (let at = place.column + step; at >= 0 && at < columns.length; at += step) {
    const other = columns[at];
    if (other === undefined || isFolded(other.key) || other.items.length === 0) continue;
    return other.items[Math.min(place.row, other.items.length - 1)]?.id ?? null;
  }
  return null;
}

/** The column beside another in which a lifted card may come down; retired options take no more. */
export function nextColumn(columns: readonly ArrangedColumn[], key: string | null, step: 1 | -1, mayStand: (key: string | null) => boolean): string | null | undefined {
  const from = columns.findIndex((column) => column.key === key);
  for (let at = from + step; at >= 0 && at < columns.length; at += step) {
    const column = columns[at];
    if (column !== undefined && mayStand(column.key)) return column.key;
  }
  return undefined;
}
