import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CELL_ROWS, useWriteCells, type CellsAnswer, type CellsRequest } from '@/api/cells';
import { isApiError, newIdempotencyKey } from '@/api/client';
import { useCodeText, useErrorText } from '@/api/errors';
import type { ObjectType } from '@/api/types';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { keyNow, planNow, type Plan } from './became';
import { cellKey } from './paste-plan';
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

/** A request with what it was to show. */
interface SentCells extends CellsRequest {
  shown: ReadonlyMap<string, string>;
}

/** Whether the server may have written although it did not say so: the line broke, or something between failed. */
function isUnsure(error: unknown): boolean {
  return isApiError(error) && (error.status === 0 || error.status >= 500);
}

export interface SheetEdits {
  /** Texts on their way to the server, by `id/field`. */
  pending: ReadonlyMap<string, string>;
  refused: ReadonlyMap<string, RefusedCell>;
  /** Writes; `note` is told with the result. */
  write: (plan: Plan, note?: string) => Promise<void>;
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
  const { whole, settle, forget, became } = newRows;
  const [pending, setPending] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<ReadonlyMap<string, RefusedCell>>(new Map());
  const done = useRef<number[]>([]);
  // One after another: the second change of a cell is made to what the first one left.
  const queue = useRef<Promise<void>>(Promise.resolve());
  const versions = useRef(new Map<number, number>());
  // Requests with new rows whose answer has not come: whether there are records now, the same request tells.
  const unanswered = useRef<SentCells[]>([]);

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

  /** Asks and takes the answer in; throws what was answered instead. */
  const deliver = useCallback(
    async (sent: SentCells, note?: string) => {
      const withNote = (text: string): string => (note === undefined ? text : `${text} ${note}`);
      unanswered.current = unanswered.current.filter((other) => other !== sent);
      let answer: CellsAnswer;
      try {
        answer = await mutateAsync(sent);
      } catch (error) {
        if (isUnsure(error) && sent.rows.some((row) => row.id < 0)) unanswered.current.push(sent);
        throw error;
      }
      for (const record of answer.records) versions.current.set(record.id, record.version);
      settle(answer.created, answer.records);
      const now = new Map(answer.created.map(({ row, id }) => [row, id]));
      if (now.size > 0) {
        const told = new Map(sent.rows.map((row) => [row.id, new Set([...Object.keys(row.texts), ...Object.keys(row.values)])]));
        // What a row lacked to become a record, it has now; a text that was not among what was sent stays in sight.
        const isOver = ({ id, field, text }: RefusedCell): boolean => now.has(id) && (text === '' || told.get(id)?.has(field) === true);
        setRefused((before) => new Map([...before].filter(([, cell]) => !isOver(cell)).map(([key, cell]) => [keyNow(key, now), { ...cell, id: now.get(cell.id) ?? cell.id }])));
        setPending((before) => new Map([...before].map(([key, text]) => [keyNow(key, now), text])));
      }
      // A cell that a new record did not take stands in that record now.
      const failed = readRefused(answer, sent.shown, message).map((cell) => ({ ...cell, id: now.get(cell.id) ?? cell.id }));
      const operation = answer.operation_id;
      if (operation !== null) done.current.push(operation);
      const options = operation === null ? {} : { action: { label: t('undo'), undoes: operation, onPress: () => void undoOne(operation) } };
      // What was not taken is said below the sheet, where a message would lie over it: it comes for an undo or a note only.
      const isSaidBelow = failed.length > 0 && operation === null && note === undefined;
      if (failed.length > 0 && !isSaidBelow) showToast(withNote(t('sheet.refused', { count: failed.length })), { ...options, tone: 'error' });
      else if (answer.changed > 0 && failed.length === 0) showToast(withNote(t('sheet.saved', { count: sent.shown.size })), options);
      else if (failed.length === 0) showToast(withNote(t('sheet.unchanged')));
      return failed;
    },
    [mutateAsync, message, t, undoOne, settle],
  );

  const send = useCallback(
    async (made: Plan, note?: string) => {
      let plan = planNow(made, became());
      let failed: Omit<RefusedCell, 'base'>[] = [];
      try {
        for (const lost of unanswered.current.filter(({ rows }) => rows.some(({ id }) => plan.rows.some((row) => row.id === id && id < 0)))) {
          // A refusal is an answer: the row is none yet.
          await deliver(lost).then((cells) => failed.push(...cells), (error: unknown) => {
            if (isUnsure(error)) throw error;
          });
        }
        plan = planNow(plan, became());
        const { shown } = plan;
        const rows = plan.rows.map((row) => ({ ...whole(row, shown), version: Math.max(row.version, versions.current.get(row.id) ?? 0) }));
        failed = failed.filter((cell) => !shown.has(cellKey(cell.id, cell.field)));
        failed.push(...(await deliver({ rows, shown, idempotencyKey: newIdempotencyKey() }, note)));
      } catch (error) {
        // Nothing of it is known to be written: every text stays in its cell, with the reason.
        const reason = errorText(error);
        for (const [key, text] of plan.shown) {
          const cut = key.indexOf('/');
          failed.push({ id: Number(key.slice(0, cut)), field: key.slice(cut + 1), text, message: reason, isConflict: false });
        }
        showToast(reason, { tone: 'error' });
      }
      const { shown } = planNow(plan, became());
      setPending((before) => new Map([...before].filter(([key, text]) => shown.get(key) !== text)));
      const told = failed.map((cell) => [cellKey(cell.id, cell.field), { ...cell, base: valueOf(cell.id, cell.field) }] as const);
      if (told.length > 0) setRefused((before) => new Map([...before, ...told]));
    },
    [deliver, errorText, valueOf, whole, became],
  );

  const write = useCallback(
    (made: Plan, note?: string): Promise<void> => {
      const plan = planNow(made, became());
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
    [send, t, format, became],
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
