import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { fieldProblems, useErrorText } from '@/api/errors';
import { keys } from '@/api/keys';
import { useChangeRecord } from '@/api/records';
import type { Field, FieldProblem, FieldValue, ObjectType, RecordItem } from '@/api/types';
import { isKept } from '@/api/unsent';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { toWrite } from './same-value';

/** Somebody else changed the same field since it was read. */
export interface Conflict {
  field: Field;
  mine: FieldValue;
  theirs: FieldValue;
  by: string;
  at: string | null;
  /** The version to overwrite. */
  version: number;
}

export interface SaveState {
  status: 'idle' | 'saving' | 'saved' | 'failed';
  problems: FieldProblem[];
  /** A failure that is not the fault of the value. */
  error: string | null;
}

export interface SaveField {
  states: ReadonlyMap<string, SaveState>;
  /** The oldest that nobody has decided yet: two fields may be saved at once. */
  conflict: Conflict | null;
  /** Saves one field; true if the server took it. What was typed stays with the caller on false. */
  save: (field: Field, value: FieldValue, version?: number) => Promise<boolean>;
  forget: (fieldName: string) => void;
  dismissConflict: () => void;
  /** Reads the record and its lists again: the value of the other person wins. */
  takeTheirs: () => void;
}

const IDLE: SaveState = { status: 'idle', problems: [], error: null };
const SAVED_SHOWN_MS = 1_500;

export function saveState(save: SaveField, name: string): SaveState {
  return save.states.get(name) ?? IDLE;
}

function readConflict(error: unknown, field: Field, mine: FieldValue): Conflict | null {
  if (!isApiError(error) || error.code !== 'version_conflict') return null;
  const params = error.problem.errors?.find((problem) => problem.code === 'changed_meanwhile')?.params ?? {};
  const { version } = error.problem.params ?? {};
  if (typeof version !== 'number') return null;
  return {
    field,
    mine,
    theirs: params.theirs as FieldValue,
    by: personName(params.by),
    at: typeof params.at === 'string' ? params.at : null,
    version,
  };
}

function personName(by: unknown): string {
  if (typeof by === 'string') return by;
  return typeof by === 'object' && by !== null && 'title' in by && typeof by.title === 'string' ? by.title : '';
}

/**
 * Saving of single fields of one record: each with its own state, a toast with Undo, and the way out of a conflict.
 * Where no editor stands beside the value, as in the history, a refusal is told in a toast.
 */
export function useSaveField(type: ObjectType, record: RecordItem, { hasEditor = true } = {}): SaveField {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const { mutateAsync } = useChangeRecord(type.name, { isKeptOffline: true });
  const { undo } = useUndoWithToast();
  const [states, setStates] = useState<ReadonlyMap<string, SaveState>>(new Map());
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const latest = useRef(record);
  latest.current = record;
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const put = useCallback((name: string, state: SaveState | null) => {
    setStates((before) => {
      const next = new Map(before);
      if (state === null) next.delete(name);
      else next.set(name, state);
      return next;
    });
  }, []);

  const save = useCallback(
    async (field: Field, value: FieldValue, version?: number): Promise<boolean> => {
      put(field.name, { ...IDLE, status: 'saving' });
      try {
        const answer = await mutateAsync({
          id: latest.current.id,
          version: version ?? latest.current.version,
          values: { [field.name]: toWrite(value) },
          shown: { [field.name]: value },
        });
        put(field.name, { ...IDLE, status: 'saved' });
        window.setTimeout(() => put(field.name, null), SAVED_SHOWN_MS);
        if (isKept(answer)) return true;
        const operation = answer.operation_id;
        const erased = (answer.warnings ?? []).map((warning) => warning.display);
        const text = erased.length === 0 ? t('field_changed', { field: format.label(field.labels) }) : t('erased_address', { addresses: format.list(erased) });
        showToast(text, {
          action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) },
        });
        return true;
      } catch (error) {
        if (isGone.current) {
          showToast(t('not_saved', { field: format.label(field.labels), reason: errorText(error) }), { tone: 'error' });
          return false;
        }
        const met = readConflict(error, field, value);
        if (met !== null) {
          setConflicts((before) => [...before.filter((other) => other.field.name !== field.name), met]);
          put(field.name, null);
          return false;
        }
        if (!hasEditor) {
          showToast(errorText(error), { tone: 'error' });
          put(field.name, null);
          return false;
        }
        const problems = fieldProblems(error).get(field.name) ?? [];
        put(field.name, { status: 'failed', problems, error: problems.length > 0 ? null : errorText(error) });
        return false;
      }
    },
    [mutateAsync, put, t, format, undo, errorText, hasEditor],
  );
  const dismissConflict = (): void => setConflicts(([, ...others]) => others);

  return {
    states,
    conflict: conflicts[0] ?? null,
    save,
    forget: (name) => put(name, null),
    dismissConflict,
    takeTheirs: () => {
      dismissConflict();
      void client.invalidateQueries({ queryKey: keys.record(type.name, record.id) });
      void client.invalidateQueries({ queryKey: keys.lists(type.name) });
    },
  };
}
