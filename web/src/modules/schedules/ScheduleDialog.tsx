import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FieldError, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { timeZoneOptions } from '@/util/time-zones';
import { officePlan, readPlan, type Plan } from './plan';
import { PlanEditor } from './PlanEditor';
import styles from './Schedules.module.css';

const FORM_ID = 'schedule-form';

interface Typed {
  name: string;
  plan: Plan;
  timeZone: string;
  observesHolidays: boolean;
  before: string;
  after: string;
}

function typedOf(schedule: RecordItem | null): Typed {
  if (schedule === null) return { name: '', plan: officePlan(), timeZone: '', observesHolidays: true, before: '0', after: '0' };
  const { values } = schedule;
  return {
    name: schedule.title,
    plan: readPlan(values.hours),
    timeZone: asText(values.time_zone),
    observesHolidays: values.observes_holidays === true,
    before: String(values.minutes_before ?? 0),
    after: String(values.minutes_after ?? 0),
  };
}

function valuesOf(typed: Typed): Values {
  return {
    name: typed.name.trim(),
    hours: JSON.stringify(typed.plan),
    time_zone: typed.timeZone === '' ? null : typed.timeZone,
    observes_holidays: typed.observesHolidays,
    minutes_before: Number(typed.before) || 0,
    minutes_after: Number(typed.after) || 0,
  };
}

export interface ScheduleDialogProps {
  /** Null for a new one. */
  schedule: RecordItem | null;
  onClose: () => void;
}

/** A schedule that many people may share: its hours, whose clock counts, holidays, grace. */
export function ScheduleDialog({ schedule, onClose }: ScheduleDialogProps) {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const create = useCreateRecord('schedule');
  const change = useChangeRecord('schedule');
  const { showDone } = useUndoWithToast();
  const title = schedule === null ? t('new') : schedule.title;
  const draft = useDraft(`schedule.${schedule?.id ?? 'new'}`, title);
  const stored = typedOf(schedule);
  const [typed, setTyped] = useKept(draft, 'typed', stored);
  const set = (part: Partial<Typed>): void => setTyped((before) => ({ ...before, ...part }));
  const error = create.error ?? change.error;
  const problems = fieldProblems(error);
  const [nameProblem] = problems.get('name') ?? [];
  const [hoursProblem] = problems.get('hours') ?? [];
  const isDirty = JSON.stringify(typed) !== JSON.stringify(stored);

  async function save(): Promise<void> {
    const values = valuesOf(typed);
    try {
      const { operation_id: operation } =
        schedule === null
          ? await create.mutateAsync({ values, idempotencyKey: newIdempotencyKey() })
          : await change.mutateAsync({ id: schedule.id, version: schedule.version, values });
      forgetRecords(client, 'schedule');
      showDone(t(schedule === null ? 'made' : 'saved', { name: typed.name.trim() }), operation);
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  return (
    <Dialog
      title={title}
      size="large"
      isDirty={isDirty}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t(schedule === null ? 'make' : 'save')}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!create.isPending && !change.isPending) void save();
        }}
      >
        <DraftNotice draft={draft} />
        {error !== null && nameProblem === undefined && hoursProblem === undefined && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="schedule-name" label={t('name')} isRequired error={nameProblem === undefined ? undefined : codeText(nameProblem.code, nameProblem.params)}>
          <TextInput
            id="schedule-name"
            autoComplete="off"
            data-autofocus=""
            value={typed.name}
            isInvalid={nameProblem !== undefined}
            aria-describedby={nameProblem === undefined ? undefined : errorId('schedule-name')}
            onChange={(event) => set({ name: event.target.value })}
          />
        </FormField>
        <PlanEditor plan={typed.plan} onChange={(plan) => set({ plan })} />
        {hoursProblem !== undefined && <FieldError>{codeText(hoursProblem.code, hoursProblem.params)}</FieldError>}
        <Checkbox isChecked={typed.observesHolidays} label={t('observes_holidays')} onChange={(observesHolidays) => set({ observesHolidays })} />
        <div className={styles.pair}>
          <FormField controlId="schedule-zone" label={t('time_zone')} hint={t('time_zone_hint')}>
            <Select
              id="schedule-zone"
              value={typed.timeZone}
              emptyLabel={t('zone_of_person')}
              options={timeZoneOptions(typed.timeZone === '' ? null : typed.timeZone, format.language, new Date())}
              onChange={(timeZone) => set({ timeZone })}
            />
          </FormField>
          <div className={styles.grace}>
            <FormField controlId="schedule-before" label={t('minutes_before')}>
              <TextInput id="schedule-before" type="number" min={0} max={240} value={typed.before} onChange={(event) => set({ before: event.target.value })} />
            </FormField>
            <FormField controlId="schedule-after" label={t('minutes_after')}>
              <TextInput id="schedule-after" type="number" min={0} max={240} value={typed.after} onChange={(event) => set({ after: event.target.value })} />
            </FormField>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
