import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { recordQuery, useChangeRecord } from '@/api/records';
import type { Field, FieldProblem, ObjectType, RecordItem, Values } from '@/api/types';
import { isKept } from '@/api/unsent';
import { isEmptyValue } from '@/fields/values';
import { lazyPart } from '@/ui/lazy-part';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { toWrite } from '../editing/same-value';
import { mayEdit } from '../may-edit';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { columnOf, type Held } from './arrange';
import { withoutQuestion, withQuestion } from './questions';

const FullColumnDialog = lazyPart(() => import('./FullColumnDialog'), 'FullColumnDialog');
const RequiredFieldsDialog = lazyPart(() => import('./RequiredFieldsDialog'), 'RequiredFieldsDialog');

interface Asked {
  record: RecordItem;
  to: string | null;
  fields: Field[];
}

/** A card that waits whether it shall stand in a column that is full. */
interface Overfull {
  record: RecordItem;
  to: string | null;
  count: number;
  limit: number;
}

export interface BoardMoves {
  /** The cards that stand in another column already, while they are written or wait for what that column asks for. */
  waiting: readonly Held[];
  /** Why a card cannot be moved at all; null if it can. */
  whyNot: (record: RecordItem) => string | null;
  /** Whether cards may come into a column at all. */
  mayStand: (key: string | null) => boolean;
  move: (record: RecordItem, to: string | null) => void;
  /** The name of a column. */
  nameOf: (key: string | null) => string;
  dialog: ReactNode;
}

export interface MoveHooks {
  /** The card is about to go back to where it was. */
  onReturn: (id: number) => void;
  onMoved: (record: RecordItem, to: string | null) => void;
  onRefused: (record: RecordItem, reason: string) => void;
  /** How many cards a column has without this one; null where it is not known. */
  countWithout: (to: string | null, id: number) => number | null;
}

/** Cards that change their column: shown at once, written as any change of a field is, taken back with the reason if the server refuses. */
export function useBoardMoves(type: ObjectType, field: Field, { onReturn, onMoved, onRefused, countWithout }: MoveHooks): BoardMoves {
  const { t } = useTranslation('board');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const { mutateAsync } = useChangeRecord(type.name, { isKeptOffline: true });
  const { showDone } = useUndoWithToast();
  // A card may be moved before the question about another one is seen.
  const [questions, setQuestions] = useState<readonly Asked[]>([]);
  const [limits, setLimits] = useState<readonly Overfull[]>([]);
  const [waiting, setWaiting] = useState<readonly Held[]>([]);
  const leave = useCallback((id: number) => setWaiting((before) => before.filter((held) => held.id !== id)), []);
  const ask = useCallback((asked: Asked) => setQuestions((before) => withQuestion(before, asked)), []);
  const answered = useCallback((id: number) => setQuestions((before) => withoutQuestion(before, id)), []);
  const passed = (id: number): void => setLimits((before) => withoutQuestion(before, id));

  const optionOf = useCallback((key: string | null) => field.settings.options?.find((option) => option.key === key), [field]);
  const nameOf = useCallback((key: string | null): string => (key === null ? t('no_value') : format.label(optionOf(key)?.labels) || key), [t, format, optionOf]);
  const fieldOf = useCallback((name: string) => type.fields.find((candidate) => candidate.name === name), [type]);

  const reasonOf = useCallback(
    (error: unknown): string => {
      const named = [...fieldProblems(error)].flatMap(([name, problems]) => {
        const label = name === field.name ? '' : format.label(fieldOf(name)?.labels);
        return problems.map(({ code, params }) => (label === '' ? codeText(code, params) : `${label}: ${codeText(code, params)}`));
      });
      return named.length > 0 ? named.join(' ') : errorText(error);
    },
    [field, format, fieldOf, codeText, errorText],
  );

  /** Writes the new column with other values; answers what is wrong with those, so that a dialog can show it. */
  const save = useCallback(
    async (record: RecordItem, to: string | null, others: Values): Promise<ReadonlyMap<string, FieldProblem[]> | null> => {
      const values = { [field.name]: to, ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, toWrite(value)])) };
      try {
        const answer = await mutateAsync({ id: record.id, version: record.version, values, shown: { [field.name]: to, ...others } });
        if (!isKept(answer)) showDone(t('moved', { name: record.title, column: nameOf(to) }), answer.operation_id);
        leave(record.id);
        onMoved(record, to);
        return null;
      } catch (error) {
        const problems = fieldProblems(error);
        const missing = [...problems].filter(([name, all]) => name !== field.name && all.every(({ code }) => code === 'required')).flatMap(([name]) => fieldOf(name) ?? []);
        const isAsking = Object.keys(others).length > 0;
        if (missing.length > 0 && missing.length === problems.size && !isAsking) {
          // What it asks for was not known here; it is asked for now.
          ask({ record, to, fields: missing });
          return problems;
        }
        if (isAsking && problems.size > 0 && !problems.has(field.name)) return problems;
        onReturn(record.id);
        leave(record.id);
        const reason = reasonOf(error);
        showToast(t('refused', { name: record.title, column: nameOf(to), reason }), { tone: 'error' });
        onRefused(record, reason);
        return null;
      }
    },
    [field, mutateAsync, showDone, t, nameOf, fieldOf, leave, ask, onReturn, onMoved, onRefused, reasonOf],
  );

  const missingFor = useCallback(
    async (record: RecordItem, to: string | null): Promise<Asked | null> => {
      const names = optionOf(to)?.requires ?? [];
      if (names.length === 0) return null;
      const isKnown = names.every((name) => name in record.values);
      const whole = isKnown ? record : await client.fetchQuery(recordQuery(type.name, record.id));
      const fields = names.flatMap((name) => fieldOf(name) ?? []).filter((candidate) => isEmptyValue(whole.values[candidate.name]));
      return fields.length === 0 ? null : { record: { ...record, values: { ...whole.values, ...record.values } }, to, fields };
    },
    [optionOf, client, type, fieldOf],
  );

  const put = useCallback(
    (record: RecordItem, to: string | null): void => {
      void missingFor(record, to)
        // What cannot be read now is asked for by the server.
        .catch(() => null)
        .then((missing) => {
          if (missing === null) void save(record, to, {});
          else ask(missing);
        });
    },
    [missingFor, save, ask],
  );

  const move = (record: RecordItem, to: string | null): void => {
    if (columnOf(record, field) === to) return;
    const [limit, count] = [optionOf(to)?.max_records, countWithout(to, record.id)];
    setWaiting((before) => [...before.filter((held) => held.id !== record.id), { id: record.id, to }]);
    // It goes elsewhere: what was asked about it before is of no more interest.
    passed(record.id);
    answered(record.id);
    // A limit is a sign: it asks, and gives way.
    if (limit !== undefined && count !== null && count >= limit) setLimits((before) => withQuestion(before, { record, to, count, limit }));
    else put(record, to);
  };

  const whyNot = useCallback((record: RecordItem): string | null => (mayEdit(record, field) ? null : t('read_only')), [field, t]);
  const mayStand = useCallback((key: string | null): boolean => (key === null ? !field.is_required : optionOf(key)?.is_retired !== true), [field, optionOf]);

  const [asked] = questions;
  const [overfull] = limits;
  return {
    waiting,
    whyNot,
    mayStand,
    move,
    nameOf,
    dialog: overfull !== undefined ? (
      <FullColumnDialog
        key={overfull.record.id}
        name={overfull.record.title}
        column={nameOf(overfull.to)}
        count={overfull.count}
        limit={overfull.limit}
        onPut={() => {
          passed(overfull.record.id);
          put(overfull.record, overfull.to);
        }}
        onCancel={() => {
          passed(overfull.record.id);
          onReturn(overfull.record.id);
          leave(overfull.record.id);
        }}
      />
    ) : asked !== undefined && (
      <RequiredFieldsDialog
        key={`${asked.record.id}.${String(asked.to)}`}
        type={type}
        record={asked.record}
        column={nameOf(asked.to)}
        fields={asked.fields}
        onSave={async (values) => {
          const problems = await save(asked.record, asked.to, values);
          if (problems === null) answered(asked.record.id);
          return problems;
        }}
        onCancel={() => {
          onReturn(asked.record.id);
          leave(asked.record.id);
          answered(asked.record.id);
        }}
      />
    ),
  };
}
