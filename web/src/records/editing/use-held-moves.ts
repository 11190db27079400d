import { MutationObserver, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useErrorText } from '@/api/errors';
import { changeRecordOptions } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { showToast } from '@/ui/toast';
import { useUndoWithToast } from '../operations/use-undo-with-toast';

/** Keys are pressed several times: what they come to is written once, so long after the last. */
const NUDGE_MS = 700;

/** What is written when something has been dragged, and what is said of it. */
export interface HeldChange {
  type: string;
  record: RecordItem;
  values: Values;
  done: string;
  refused: (reason: string) => string;
}

export interface HeldMoves<At extends { key: string }> {
  /** What stands elsewhere already, while it is dragged or written. */
  held: readonly At[];
  hold: (at: At) => void;
  letGo: (key: string) => void;
  /** Writes where it was dropped, with a message that takes it back; null where nothing changes. */
  drop: (at: At, change: HeldChange | null) => void;
  /** The same by the keyboard: written when the keys rest. */
  nudge: (at: At, change: HeldChange | null) => void;
}

/** Records that are given another time: shown at once, written as any change of a record, taken back with the reason if the server refuses. */
export function useHeldMoves<At extends { key: string }>(): HeldMoves<At> {
  const errorText = useErrorText();
  const client = useQueryClient();
  const { showDone } = useUndoWithToast();
  const [held, setHeld] = useState<readonly At[]>([]);
  const waiting = useRef<{ key: string; timer: number; write: () => void } | null>(null);

  const hold = useCallback((next: At) => setHeld((before) => [...before.filter(({ key }) => key !== next.key), next]), []);
  const letGo = useCallback((key: string) => setHeld((before) => before.filter((one) => one.key !== key)), []);

  const drop = useCallback(
    (at: At, change: HeldChange | null): void => {
      if (change === null) return letGo(at.key);
      hold(at);
      const { type, record, values, done, refused } = change;
      new MutationObserver(client, changeRecordOptions(client, type))
        .mutate({ id: record.id, version: record.version, values })
        .then(
          (answer) => showDone(done, answer.operation_id ?? null),
          (error: unknown) => showToast(refused(errorText(error)), { tone: 'error' }),
        )
        .finally(() => letGo(at.key));
    },
    [client, errorText, hold, letGo, showDone],
  );

  const nudge = useCallback(
    (at: At, change: HeldChange | null): void => {
      const before = waiting.current;
      if (before !== null) {
        window.clearTimeout(before.timer);
        if (before.key !== at.key) before.write();
      }
      hold(at);
      const write = (): void => {
        waiting.current = null;
        drop(at, change);
      };
      waiting.current = { key: at.key, timer: window.setTimeout(write, NUDGE_MS), write };
    },
    [drop, hold],
  );
  useEffect(
    () => () => {
      if (waiting.current === null) return;
      window.clearTimeout(waiting.current.timer);
      waiting.current.write();
    },
    [],
  );
  return { held, hold, letGo, drop, nudge };
}
