import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useHeldMoves, type HeldChange, type HeldMoves } from '@/records/editing/use-held-moves';
import { useFormat } from '@/ui/use-format';
import { valuesAt, type Entry, type Held } from './entries';

export interface Moves extends Pick<HeldMoves<Held>, 'held' | 'hold' | 'letGo'> {
  /** Writes where an entry was dropped, with a message that takes it back. */
  drop: (entry: Entry, at: Held, isStretched: boolean) => void;
  /** The same by the keyboard: written when the keys rest. */
  nudge: (entry: Entry, at: Held, isStretched: boolean) => void;
}

/** Entries that are given another time. */
export function useMoves(): Moves {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const { held, hold, letGo, drop, nudge } = useHeldMoves<Held>();
  return useMemo(() => {
    const changeOf = (entry: Entry, at: Held, isStretched: boolean): HeldChange | null => {
      if (at.start === entry.start && at.end === entry.end) return null;
      const { title } = entry.record;
      const when = format.instant(new Date(isStretched ? at.end : at.start).toISOString());
      return {
        type: entry.type.name,
        record: entry.record,
        values: valuesAt(entry, at, isStretched),
        done: isStretched ? t('stretched', { name: title, when }) : t('moved', { name: title, when }),
        refused: (reason) => t('refused', { name: title, reason }),
      };
    };
    return {
      held,
      hold,
      letGo,
      drop: (entry, at, isStretched) => drop(at, changeOf(entry, at, isStretched)),
      nudge: (entry, at, isStretched) => nudge(at, changeOf(entry, at, isStretched)),
    };
  }, [held, hold, letGo, drop, nudge, t, format]);
}
