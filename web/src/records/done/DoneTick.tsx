import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { isKept } from '@/api/unsent';
import { showToast } from '@/ui/toast';
import { classNames } from '@/util/class-names';
import { mayEdit } from '../may-edit';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { doneField, doneValue, isDone } from './done';
import styles from './done.module.css';

export interface DoneTickProps {
  type: ObjectType;
  record: RecordItem;
  /** Where the keyboard has another way to it. */
  isOutOfTabOrder?: boolean;
  size?: number;
  /** What the record is after a press. */
  onChanged?: (record: RecordItem) => void;
}

/** The tick of a record that is done one day: a press does it, another takes it back. Nothing for types without one. */
export function DoneTick({ type, record, isOutOfTabOrder = false, size = 18, onChanged }: DoneTickProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const change = useChangeRecord(type.name, { isKeptOffline: true });
  const { showDone } = useUndoWithToast();
  const field = doneField(type);
  if (field === undefined) return null;
  const done = isDone(field, record.values[field.name]);
  const canChange = mayEdit(record, field);
  const Sign = done ? IconCircleCheckFilled : IconCircle;

  function press(): void {
    if (field === undefined) return;
    change.mutateAsync({ id: record.id, version: record.version, values: { [field.name]: doneValue(field, !done) } }).then(
      (answer) => {
        if (isKept(answer)) {
          onChanged?.({ ...record, values: { ...record.values, [field.name]: doneValue(field, !done) } });
          return;
        }
        onChanged?.(answer.record);
        showDone(t(done ? 'done.reopened' : 'done.closed', { name: record.title }), answer.operation_id ?? null);
      },
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={done}
      aria-label={t('done.tick', { name: record.title })}
      title={canChange ? t(done ? 'done.reopen' : 'done.close') : t('card.read_only')}
      className={classNames(styles.tick, done && styles.done)}
      disabled={!canChange || change.isPending}
      tabIndex={isOutOfTabOrder ? -1 : undefined}
      onMouseDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        press();
      }}
    >
      <Sign size={size} aria-hidden="true" />
    </button>
  );
}
