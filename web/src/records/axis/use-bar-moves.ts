import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem, Values } from '@/api/types';
import { useFormat } from '@/ui/use-format';
import { useHeldMoves, type HeldChange } from '../editing/use-held-moves';
import type { AxisFields } from './axis-fields';
import { barOf, mayMove, mayStretch, moved, stretched, type Bar, type Held, type Side } from './bars';

/** What is done to a bar: moved as a whole, or drawn at one of its sides. */
export type Grip = 'whole' | Side;

export interface BarMoves {
  held: readonly Held[];
  may: (record: RecordItem, grip: Grip) => boolean;
  /** Shows where it would stand. */
  show: (bar: Bar, grip: Grip, days: number) => void;
  letGo: (bar: Bar) => void;
  drop: (bar: Bar, grip: Grip, days: number) => void;
  /** By a key: written when the keys rest. */
  nudge: (bar: Bar, grip: Grip, days: number) => void;
  /** "12.11.2026 – 20.11.2026". */
  whenOf: (bar: Bar) => string;
}

const keyOf = (bar: Bar): string => String(bar.record.id);

/** Bars that are given another time. */
export function useBarMoves(type: ObjectType, axis: AxisFields): BarMoves {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { held, hold, letGo, drop, nudge } = useHeldMoves<Held>();
  return useMemo(() => {
    const zone = format.timeZone;
    const whenOf = (bar: Bar): string => (bar.firstDay === bar.lastDay ? format.date(bar.firstDay) : t('axis.until', { from: format.date(bar.firstDay), to: format.date(bar.lastDay) }));
    const valuesOf = ({ record }: Bar, grip: Grip, days: number): Values => (grip === 'whole' ? moved(axis, record, days, zone) : stretched(axis, record, grip, days, zone));
    const changeOf = (bar: Bar, values: Values): HeldChange | null => {
      if (Object.keys(values).length === 0) return null;
      const { record } = bar;
      const next = barOf(type, axis, { ...record, values: { ...record.values, ...values } }, zone, new Date());
      return {
        type: type.name,
        record,
        values,
        done: t('axis.moved', { name: record.title, when: next === null ? '' : whenOf(next) }),
        refused: (reason) => t('axis.refused', { name: record.title, reason }),
      };
    };
    return {
      held,
      whenOf,
      may: (record, grip) => (grip === 'whole' ? mayMove(axis, record) : mayStretch(axis, record, grip)),
      show: (bar, grip, days) => hold({ key: keyOf(bar), values: valuesOf(bar, grip, days) }),
      letGo: (bar) => letGo(keyOf(bar)),
      drop: (bar, grip, days) => {
        const values = valuesOf(bar, grip, days);
        drop({ key: keyOf(bar), values }, changeOf(bar, values));
      },
      nudge: (bar, grip, days) => {
        // Several keys come to one change: what the bar stands at counts, not what is stored.
        const before = held.find(({ key }) => key === keyOf(bar))?.values ?? {};
        const values = { ...before, ...valuesOf(bar, grip, days) };
        nudge({ key: keyOf(bar), values }, changeOf(bar, values));
      },
    };
  }, [axis, drop, format, held, hold, letGo, nudge, t, type]);
}
