import { useCallback, useMemo, useRef, useState } from 'react';
import type { CellsRow } from '@/api/cells';
import type { ObjectType, RecordItem, Values } from '@/api/types';

export interface NewRows {
  /** What follows the last record of the list: records made here, rows begun, and an empty one. */
  rows: readonly RecordItem[];
  /** Texts of rows that are no records yet, by `id/field`. */
  texts: ReadonlyMap<string, string>;
  /** Which record a row has become, by the number of the row. */
  became: () => ReadonlyMap<number, number>;
  /** As many empty rows more, for a paste that reaches below the last one. */
  grow: (count: number) => readonly RecordItem[];
  /** A row that was begun is sent whole: with what was typed into it before. */
  whole: (row: CellsRow, shown: ReadonlyMap<string, string>) => CellsRow;
  /** After an answer: rows that became records, and newer states of those. */
  settle: (created: readonly { row: number; id: number }[], records: readonly RecordItem[]) => void;
  /** Gives up what was begun. */
  drop: () => void;
  /** The list is read anew: what was made here stands there, if it stands. */
  forget: () => void;
}

/** A row that is no record yet; its number is below zero. */
function emptyRow(type: ObjectType, id: number, values: Values): RecordItem {
  return {
    id, type: type.name, version: 0, title: '', created_at: '', created_by: null, updated_at: '', updated_by: null,
    deleted_at: null, can_edit: true, can_delete: false, values,
  };
}

/** The rows below the last record, into which new records are typed and pasted. `preset` makes them belong to the section of the list. */
export function useNewRows(type: ObjectType, isOffered: boolean, preset: Values, stored: readonly RecordItem[]): NewRows {
  const lastId = useRef(-1);
  const [ids, setIds] = useState<readonly number[]>([-1]);
  const [made, setMade] = useState<readonly RecordItem[]>([]);
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  const begun = useRef(new Map<number, CellsRow>());
  const records = useRef(new Map<number, number>());
  const key = JSON.stringify(preset);

  const rows = useMemo(() => {
    const known = new Set(stored.map((record) => record.id));
    const own = made.filter((record) => !known.has(record.id));
    return isOffered ? [...own, ...ids.map((id) => emptyRow(type, id, JSON.parse(key) as Values))] : own;
  }, [stored, made, ids, isOffered, type, key]);

  const next = useCallback((): number => {
    lastId.current -= 1;
    return lastId.current;
  }, []);

  const grow = useCallback(
    (count: number) => {
      const more = Array.from({ length: Math.max(0, count) }, next);
      if (more.length > 0) setIds((before) => [...before, ...more]);
      return more.map((id) => emptyRow(type, id, JSON.parse(key) as Values));
    },
    [next, type, key],
  );

  const whole = useCallback(
    (row: CellsRow, shown: ReadonlyMap<string, string>) => {
      if (row.id > 0) return row;
      const before = begun.current.get(row.id);
      // Of a field it is the last that counts, a text or a value.
      const without = <Value,>(entries: Readonly<Record<string, Value>>, others: object): Record<string, Value> =>
        Object.fromEntries(Object.entries(entries).filter(([name]) => !(name in others)));
      const earlier = { ...(JSON.parse(key) as Values), ...before?.values };
      const all = {
        ...row,
        values: { ...without(earlier, row.texts), ...row.values },
        texts: { ...without(before?.texts ?? {}, row.values), ...row.texts },
      };
      begun.current.set(row.id, all);
      setTexts((now) => new Map([...now, ...[...shown].filter(([cell]) => cell.startsWith(`${row.id}/`))]));
      setIds((now) => (now.at(-1) === row.id ? [...now, next()] : now));
      return all;
    },
    [key, next],
  );

  const settle = useCallback((created: readonly { row: number; id: number }[], changed: readonly RecordItem[]) => {
    const byId = new Map(changed.map((record) => [record.id, record]));
    const fresh = created.map(({ id }) => byId.get(id)).filter((record) => record !== undefined);
    const gone = new Set(created.map(({ row }) => row));
    setMade((before) => [...before.map((record) => byId.get(record.id) ?? record), ...fresh]);
    if (gone.size === 0) return;
    for (const { row, id } of created) {
      begun.current.delete(row);
      records.current.set(row, id);
    }
    setIds((before) => before.filter((id) => !gone.has(id)));
    setTexts((before) => new Map([...before].filter(([cell]) => !gone.has(Number(cell.slice(0, cell.indexOf('/')))))));
  }, []);

  const drop = useCallback(() => {
    begun.current.clear();
    setTexts(new Map());
    setIds([next()]);
  }, [next]);

  const forget = useCallback(() => setMade([]), []);
  const became = useCallback(() => records.current, []);

  return useMemo(() => ({ rows, texts, became, grow, whole, settle, drop, forget }), [rows, texts, became, grow, whole, settle, drop, forget]);
}
