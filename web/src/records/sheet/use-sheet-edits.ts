import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_CELL_ROWS, useWriteCells, type CellsAnswer } from '@/api/cells';
import { useCodeText, useErrorText } from '@/api/errors';
import type { ObjectType } from '@/api/types';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { cellKey, type PastePlan } from './paste-plan';

/** A cell whose new text was not taken: the text stays in sight until it is mended or given up. */
export interface RefusedCell {
  id: number;
  field: string;
  text: string;
  message: string;
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
): RefusedCell[] {
  const refused: RefusedCell[] = [];
  for (const { id, field, code, params } of answer.problems) {
    const names = field === null ? [...shown.keys()].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(`${id}/`.length)) : [field];
    for (const name of names) {
      refused.push({ id, field: name, text: shown.get(cellKey(id, name)) ?? '', message: message(code, params) });
    }
  }
  return refused;
}

export function useSheetEdits(type: ObjectType): SheetEdits {
  const { t } = useTranslation('records');
  const format = useFormat();
  const codeText = useCodeText();
  const errorText = useErrorText();
  const { mutateAsync } = useWriteCells(type.name);
  const { undo } = useUndoWithToast();
  const [pending, setPending] = useState<ReadonlyMap<string, string>>(new Map());
  const [refused, setRefused] = useState<ReadonlyMap<string, RefusedCell>>(new Map());
  const done = useRef<number[]>([]);

  const undoOne = useCallback(
    async (operation: number) => {
      done.current = done.current.filter((other) => other !== operation);
      await undo(operation);
    },
    [undo],
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

  const write = useCallback(
    async ({ rows, shown }: Pick<PastePlan, 'rows' | 'shown'>, note?: string) => {
      if (rows.length === 0) return;
      if (rows.length > MAX_CELL_ROWS) {
        showToast(t('sheet.limit', { max: format.number(MAX_CELL_ROWS) }), { tone: 'error' });
        return;
      }
      setPending((before) => new Map([...before, ...shown]));
      setRefused((before) => new Map([...before].filter(([key]) => !shown.has(key))));
      const withNote = (text: string): string => (note === undefined ? text : `${text} ${note}`);
      let failed: RefusedCell[] = [];
      try {
        const answer = await mutateAsync(rows);
        failed = readRefused(answer, shown, message);
        const operation = answer.operation_id;
        if (operation !== null) done.current.push(operation);
        const options = operation === null ? {} : { action: { label: t('undo'), onPress: () => void undoOne(operation) } };
        if (failed.length > 0) showToast(withNote(t('sheet.refused', { count: failed.length })), { ...options, tone: 'error' });
        else if (answer.changed > 0) showToast(withNote(t('sheet.saved', { count: shown.size })), options);
        else showToast(withNote(t('sheet.unchanged')));
      } catch (error) {
        // Nothing of it was written: every text stays in its cell, with the reason.
        const reason = errorText(error);
        failed = [...shown].map(([key, text]) => {
          const cut = key.indexOf('/');
          return { id: Number(key.slice(0, cut)), field: key.slice(cut + 1), text, message: reason };
        });
        showToast(reason, { tone: 'error' });
      }
      setPending((before) => new Map([...before].filter(([key, text]) => shown.get(key) !== text)));
      if (failed.length > 0) setRefused((before) => new Map([...before, ...failed.map((cell) => [cellKey(cell.id, cell.field), cell] as const)]));
    },
    [mutateAsync, message, t, format, undoOne, errorText],
  );

  const undoLast = useCallback(() => {
    const operation = done.current.at(-1);
    if (operation === undefined) showToast(t('sheet.nothing_to_undo'));
    else void undoOne(operation);
  }, [t, undoOne]);

  return useMemo(() => ({ pending, refused, write, undoLast, forgive }), [pending, refused, write, undoLast, forgive]);
}
