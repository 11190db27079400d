import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { useAdmitUser, useEndAdmission, type WorkingHours } from '@/api/working-hours';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat, type Format } from '@/ui/use-format';
import styles from './Schedules.module.css';

/** For how long somebody may be let in, in minutes. */
const LENGTHS = [30, 60, 120, 240, 480, 1_440, 4_320];
const MINUTE_MS = 60_000;

/** Lets somebody in outside of his hours, with a reason that the audit log keeps; and takes it back. */
export function Admission({ user, hours }: { user: RecordItem; hours: WorkingHours }) {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  const errorText = useErrorText();
  const admit = useAdmitUser();
  const end = useEndAdmission();
  const { showDone } = useUndoWithToast();
  const [minutes, setMinutes] = useState('120');
  const [reason, setReason] = useState('');
  const admittedUntil = hours.admitted_until !== null && Date.parse(hours.admitted_until) > Date.now() ? hours.admitted_until : null;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (admit.isPending || reason.trim() === '') return;
    const until = new Date(Date.now() + Number(minutes) * MINUTE_MS).toISOString();
    admit.mutate(
      { id: user.id, until, reason: reason.trim() },
      {
        onSuccess: ({ operation_id: operation }) => {
          setReason('');
          showDone(t('admission.done', { name: user.title, when: format.instant(until) }), operation);
        },
      },
    );
  }

  function close(): void {
    end.mutate(user.id, { onError: (error) => showToast(errorText(error), { tone: 'error' }) });
  }

  return (
    <form className={styles.group} onSubmit={submit}>
      <h3 className={styles.legend}>{t('admission.title')}</h3>
      {admittedUntil !== null && (
        <Banner
          tone="success"
          actions={
            <Button size="small" isBusy={end.isPending} onClick={close}>
              {t('admission.end')}
            </Button>
          }
        >
          {t('admission.until', { when: format.instant(admittedUntil) })}
        </Banner>
      )}
      {admit.error !== null && <Banner tone="error">{errorText(admit.error)}</Banner>}
      <div className={styles.admission}>
        <FormField controlId="admission-length" label={t('admission.length')}>
          <Select
            id="admission-length"
            value={minutes}
            options={LENGTHS.map((length) => ({ value: String(length), label: lengthText(length, format) }))}
            onChange={setMinutes}
          />
        </FormField>
        <FormField controlId="admission-reason" label={t('admission.reason')} isRequired>
          <TextInput id="admission-reason" autoComplete="off" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </FormField>
        <Button type="submit" isBusy={admit.isPending} disabledReason={reason.trim() === '' ? t('admission.needs_reason') : null}>
          {t('admission.admit')}
        </Button>
      </div>
    </form>
  );
}

function lengthText(minutes: number, format: Format): string {
  if (minutes < 60) return format.length(minutes, 'minute');
  return minutes < 1_440 ? format.length(minutes / 60, 'hour') : format.length(minutes / 1_440, 'day');
}
