import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CELL_ROWS, useWriteCells, type CellsAnswer } from '@/api/cells';
import { useCodeText, useErrorText } from '@/api/errors';
import type { ObjectType } from '@/api/types';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { cellKey, type PastePlan } from './paste-plan';
import type { NewRows } from './use-new-rows';

/** A cell whose new text was not taken: the text stays in sight until it is mended or given up. */
export interface RefusedCell {
  id: number;
  field: string;
  text: string;
  message: string;
  /** What stood there when the text was refused, as JSON: once something else does, the text has had its day. */
  base: string;
  /** Somebody else changed the cell meanwhile: both texts are shown, and the person chooses. */
  isConflict: boolean;
}

export interface SheetEdits {
  /** Texts on their way to the server, by `id/field`. */
  pending: ReadonlyMap<string, string>;
  refused: ReadonlyMap<string, RefusedCell>;
  /** Writes; `note` is told with the result. */
  write: (plan: Pick<PastePlan, 'rows' | 'shown'>, note?: string) => Promise<void>;
  /** Takes back the last change made here. */
  undoLast: () => void;
  forgive: (key?: string) => void;
}

/** The cells of an answer that were not taken; what is said about a whole record holds for each of its cells. */
export function readRefused(
  answer: Pick<CellsAnswer, 'problems'>,
  shown: ReadonlyMap<string, string>,
  message: (code: string, params: CellsAnswer['problems'][number]['params']) => string,
): Omit<RefusedCell, 'base'>[] {
  const refused: Omit<RefusedCell, 'base'>[] = [];
  for (const { id, field, code, params } of answer.problems) {
    const names = field === null ? [...shown.keys()].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(`${id}/`.length)) : [field];
    for (const name of names) {
      refused.push({ id, field: name, text: shown.get(cellKey(id, name)) ?? '', message: message(code, params), isConflict: code === 'changed_meanwhile' });
    }
  }
  return refused;
}

/** `valueOf` tells what stands in a cell now, as JSON; `newRows` are the rows that are no records yet. */
export function useSheetEdits(type: ObjectType, valueOf: (id: number, field: string) => string, newRows: NewRows): SheetEdits {
  const { t } = useTranslation('records');
  const format = useFormat();
  const codeText = useCodeText();
  const errorText = useErrorText();
  const { mutateAsync } = useWriteCells(type.name);
  const { undo } = useUndoWithToast();
  const { whole, settle, forget } = newRows;
  const [pending, setPending] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<ReadonlyMap<string, RefusedCell>>(new Map());
  const done = useRef<number[]>([]);
  // One after another: the second change of a cell is made to what the first one left.
  const queue = useRef<Promise<void>>(Promise.resolve());
  const versions = useRef(new Map<number, number>());

  const undoOne = useCallback(
    async (operation: number) => {
      if ((await undo(operation)) === null) return;
      forget();
      done.current = done.current.filter((other) => other !== operation);
    },
    [undo, forget],
  );

  const forgive = useCallback((key?: string) => {
    setRefused((before) => {
      if (key === undefined) return new Map();
      const next = new Map(before);
      next.delete(key);
      return next;
    });
  }, []);

  const message = useCallback(
    (code: string, params: CellsAnswer['problems'][number]['params']): string => {
      const field = type.fields.find((candidate) => candidate.name === params?.field);
      const text = codeText(code, params);
      return field === undefined ? text : `${format.label(field.labels)}: ${text}`;
    },
    [type, codeText, format],
  );

  const send = useCallback(
    async ({ rows, shown }: Pick<PastePlan, 'rows' | 'shown'>, note?: string) => {
      const withNote = (text: string): string => (note === undefined ? text : `${text} ${note}`);
      let failed: Omit<RefusedCell, 'base'>[];
      try {
        const current = rows.map((row) => ({ ...whole(row, shown), version: Math.max(row.version, versions.current.get(row.id) ?? 0) }));
        const answer = await mutateAsync(current);
        for (const record of answer.records) versions.current.set(record.id, record.version);
        settle(answer.created, answer.records);
        const became = new Map(answer.created.map(({ row, id }) => [row, id]));
        // What a row lacked to become a record, it has now.
        if (became.size > 0) setRefused((before) => new Map([...before].filter(([, cell]) => !became.has(cell.id))));
        // A cell that a new record did not take stands in that record now.
        failed = readRefused(answer, shown, message).map((cell) => ({ ...cell, id: became.get(cell.id) ?? cell.id }));
        const operation = answer.operation_id;
        if (operation !== null) done.current.push(operation);
        const options = operation === null ? {} : { action: { label: t('undo'), onPress: () => void undoOne(operation) } };
        // What was not taken is said below the sheet, where a message would lie over it: it comes for an undo or a note only.
        const isSaidBelow = failed.length > 0 && operation === null && note === undefined;
        if (failed.length > 0 && !isSaidBelow) showToast(withNote(t('sheet.refused', { count: failed.length })), { ...options, tone: 'error' });
        else if (answer.changed > 0 && failed.length === 0) showToast(withNote(t('sheet.saved', { count: shown.size })), options);
        else if (failed.length === 0) showToast(withNote(t('sheet.unchanged')));
      } catch (error) {
        // Nothing of it was written: every text stays in its cell, with the reason.
        const reason = errorText(error);
        failed = [...shown].map(([key, text]) => {
          const cut = key.indexOf('/');
          return { id: Number(key.slice(0, cut)), field: key.slice(cut + 1), text, message: reason, isConflict: false };
        });
        showToast(reason, { tone: 'error' });
      }
      setPending((before) => new Map([...before].filter(([key, text]) => shown.get(key) !== text)));
      const told = failed.map((cell) => [cellKey(cell.id, cell.field), { ...cell, base: valueOf(cell.id, cell.field) }] as const);
      if (told.length > 0) setRefused((before) => new Map([...before, ...told]));
    },
    [mutateAsync, message, t, undoOne, errorText, valueOf, whole, settle],
  );

  const write = useCallback(
    (plan: Pick<PastePlan, 'rows' | 'shown'>, note?: string): Promise<void> => {
      const { rows, shown } = plan;
      if (rows.length === 0) return Promise.resolve();
      if (rows.length > MAX_CELL_ROWS) {
        showToast(t('sheet.limit', { max: format.number(MAX_CELL_ROWS) }), { tone: 'error' });
        return Promise.resolve();
      }
      setPending((before) => new Map([...before, ...shown]));
      setRefused((before) => new Map([...before].filter(([key]) => !shown.has(key))));
      queue.current = queue.current.then(() => send(plan, note));
      return queue.current;
    },
    [send, t, format],
  );

  const undoLast = useCallback(() => {
    // What is on its way is the last change too.
    queue.current = queue.current.then(() => {
      const operation = done.current.at(-1);
      if (operation !== undefined) return undoOne(operation);
      showToast(t('sheet.nothing_to_undo'));
      return undefined;
    });
  }, [t, undoOne]);

  return useMemo(() => ({ pending, refused, write, undoLast, forgive }), [pending, refused, write, undoLast, forgive]);
}
