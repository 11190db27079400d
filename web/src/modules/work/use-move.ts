/** To put something off: to tomorrow, by three days, to next week. */
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useMoveWork, type WorkItem } from '@/api/work';
import { dayAhead } from '@/fields/date_time/quick-days';
import { asText } from '@/fields/values';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { clockOf } from '@/util/format';
import { instantOf } from '@/util/read-format';
import { nextMonday } from './parts';

export type Move = 'tomorrow' | 'three_days' | 'next_week';

/** Each with its key on the keyboard, by its place, and as it is written. */
export const MOVES: readonly { key: Move; code: string; sign: string }[] = [
  { key: 'tomorrow', code: 'Digit1', sign: '1' },
  { key: 'three_days', code: 'Digit3', sign: '3' },
  { key: 'next_week', code: 'Digit7', sign: '7' },
];

const END_OF_WORK = '18:00';

/** The day that a move leads to. */
export function dayOfMove(move: Move, timeZone?: string, now?: Date): string {
  if (move === 'next_week') return nextMonday(timeZone, now);
  return dayAhead(move === 'tomorrow' ? 1 : 3, timeZone, now);
}

/** Puts something off and says so, with an undo. The time of the day stays. */
export function useMove(): (item: WorkItem, move: Move) => void {
  const { t } = useTranslation('work');
  const errorText = useErrorText();
  const format = useFormat();
  const { mutateAsync } = useMoveWork();
  const { showDone } = useUndoWithToast();
  return (item, move) => {
    if (!item.record.can_edit) return;
    const day = dayOfMove(move, format.timeZone);
    const before = asText(item.record.values[item.field]);
    // A day has no time: its value is as long as a date.
    const isDay = item.record.type !== 'task' && (before === '' || before.length === 10);
    const value = isDay ? day : instantOf(day, before === '' ? END_OF_WORK : clockOf(before, format.timeZone), format.timeZone);
    mutateAsync({ item, value }).then(
      ({ operation_id: operation }) => showDone(t('moved', { name: item.record.title, day: format.date(day) }), operation),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  };
}
