import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { workingHoursQuery, type WorkingHours } from '@/api/working-hours';
import { asReference } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { DateInput } from '@/fields/date/DateInput';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FieldError, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { dayOf } from '@/util/format';
import { Admission } from './Admission';
import { DaysAhead } from './DaysAhead';
import { HoursChoice } from './HoursChoice';
import { HoursState } from './HoursState';
import { readOwnDays, type OwnDay } from './plan';
import { schedulesQuery } from './queries';
import styles from './Schedules.module.css';

const FORM_ID = 'hours-form';

export interface HoursDialogProps {
  user: RecordItem;
  onClose: () => void;
}

/** When one person works: which schedule, on which days otherwise, and letting him in now. */
export function HoursDialog({ user, onClose }: HoursDialogProps) {
  const { t } = useTranslation('schedules');
  const { data: hours } = useQuery(workingHoursQuery(user.id));
  if (hours === undefined) {
    return (
      <Dialog title={t('hours_of', { name: user.title })} onClose={onClose}>
        <Skeleton lines={5} label={t('loading')} />
      </Dialog>
    );
  }
  return <Loaded user={user} hours={hours} onClose={onClose} />;
}

function Loaded({ user, hours, onClose }: HoursDialogProps & { hours: WorkingHours }) {
  const { t } = useTranslation('schedules');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const schedules = useQuery(schedulesQuery);
  const change = useChangeRecord('user');
  const { showDone } = useUndoWithToast();
  const title = t('hours_of', { name: user.title });
  const draft = useDraft(`hours.${user.id}`, title);
  const stored = { schedule: String(asReference(user.values.schedule)?.id ?? ''), days: readOwnDays(hours.own_days) };
  const [typed, setTyped] = useKept(draft, 'typed', stored);
  const problems = fieldProblems(change.error);
  const [problem] = [...(problems.get('own_days') ?? []), ...(problems.get('schedule') ?? [])];
  const isDirty = JSON.stringify(typed) !== JSON.stringify(stored);

  async function save(): Promise<void> {
    const values: Values = {
      schedule: typed.schedule === '' ? null : Number(typed.schedule),
      own_days: typed.days.length === 0 ? null : JSON.stringify(typed.days),
    };
    try {
      const { operation_id: operation } = await change.mutateAsync({ id: user.id, version: user.version, values });
      forgetRecords(client, 'user');
      showDone(t('hours_saved', { name: user.title }), operation);
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  const setDays = (days: OwnDay[]): void => setTyped((before) => ({ ...before, days }));
  const today = dayOf(new Date(), hours.time_zone);
  return (
    <Dialog
      title={title}
      size="large"
      isDirty={isDirty}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={change.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <form
          id={FORM_ID}
          className={styles.form}
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            if (!change.isPending) void save();
          }}
        >
          <DraftNotice draft={draft} />
          {change.error !== null && problem === undefined && <Banner tone="error">{errorText(change.error)}</Banner>}
          {hours.is_exempt && <Banner tone="info">{t('exempt_text')}</Banner>}
          <FormField controlId="hours-schedule" label={t('schedule')} hint={t('schedule_hint')}>
            <Select
              id="hours-schedule"
              data-autofocus=""
              value={typed.schedule}
              emptyLabel={t('always')}
              options={(schedules.data ?? []).map((schedule) => ({ value: String(schedule.id), label: schedule.title }))}
              onChange={(schedule) => setTyped((before) => ({ ...before, schedule }))}
            />
          </FormField>
          {typed.schedule !== '' && (
            <fieldset className={styles.group}>
              <legend className={styles.legend}>{t('own_days')}</legend>
              {typed.days.map((day, at) => (
                <OwnDayRow key={at} day={day} onChange={(next) => setDays(typed.days.map((other, index) => (index === at ? next : other)))} onRemove={() => setDays(typed.days.filter((_, index) => index !== at))} />
              ))}
              {problem !== undefined && <FieldError>{codeText(problem.code, problem.params)}</FieldError>}
              <div>
                <Button size="small" icon={<IconPlus size={14} />} onClick={() => setDays([...typed.days, { from: today, to: today, hours: [] }])}>
                  {t('own_days_add')}
                </Button>
              </div>
            </fieldset>
          )}
        </form>
        {hours.schedule !== null && (
          <section className={styles.group}>
            <h3 className={styles.legend}>
              {t('ahead')} <HoursState hours={hours} />
            </h3>
            <DaysAhead days={hours.days} />
          </section>
        )}
        {hours.schedule !== null && !hours.is_exempt && <Admission user={user} hours={hours} />}
      </div>
    </Dialog>
  );
}

interface OwnDayRowProps {
  day: OwnDay;
  onChange: (day: OwnDay) => void;
  onRemove: () => void;
}

function OwnDayRow({ day, onChange, onRemove }: OwnDayRowProps) {
  const { t } = useTranslation('schedules');
  return (
    <div className={styles.ownDay}>
      <div className={styles.range}>
        <DateInput
          className={styles.date}
          label={t('own_from')}
          isRequired
          value={day.from}
          onChange={(from) => from !== null && onChange({ ...day, from, to: from > day.to ? from : day.to })}
        />
        <span aria-hidden="true">–</span>
        <DateInput className={styles.date} label={t('own_to')} isRequired value={day.to} onChange={(to) => to !== null && onChange({ ...day, to })} />
        <TextInput
          className={styles.note}
          aria-label={t('own_note')}
          placeholder={t('own_note')}
          maxLength={200}
          value={day.note ?? ''}
          onChange={(event) => onChange({ ...day, note: event.target.value === '' ? undefined : event.target.value })}
        />
        <IconButton size="small" label={t('own_remove')} icon={<IconX size={14} />} onClick={onRemove} />
      </div>
      <HoursChoice day={day.from} hours={day.hours} onChange={(hours) => onChange({ ...day, hours })} />
    </div>
  );
}
