import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { Stretch } from '@/api/free-times';
import { useChangeRecord } from '@/api/records';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { doneField, isDone } from '@/records/done/done';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { entryOf } from './entries';
import { FreeTimes } from './FreeTimes';
import { MINUTE, minutesAt } from '@/util/times';

/** Beside an event: which of its people are free at its time, and when else they would be. */
export function FreeBlock({ type, record }: RelatedProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const errorText = useErrorText();
  const change = useChangeRecord(type.name);
  const { showDone } = useUndoWithToast();
  const fields = type.calendar;
  const entry = fields == null ? null : entryOf({ type, fields }, record, format.timeZone, 0);
  const done = doneField(type);
  if (fields == null || entry === null || entry.isWholeDays || entry.isAcross || entry.people.length === 0) return null;
  if (done !== undefined && isDone(done, record.values[done.name])) return null;
  const from = minutesAt(entry.start, format.timeZone);
  const length = Math.max(15, (entry.end - entry.start) / MINUTE);

  function take(gap: Stretch): void {
    const values = { ...(fields?.begins == null ? {} : { [fields.begins]: gap.from }), ...(fields?.ends == null ? {} : { [fields.ends]: gap.to }) };
    change.mutateAsync({ id: record.id, version: record.version, values }).then(
      (answer) => showDone(t('moved', { name: record.title, when: format.instant(gap.from) }), answer.operation_id ?? null),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  return (
    <Block title={t('free.title')}>
      <FreeTimes users={entry.people} day={entry.firstDay} chosen={[from, from + length]} except={entry.key} onChoose={record.can_edit === true ? take : undefined} />
    </Block>
  );
}
