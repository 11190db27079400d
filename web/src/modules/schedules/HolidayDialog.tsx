import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { DateInput } from '@/fields/date/DateInput';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { HoursChoice } from './HoursChoice';
import { readSpans } from './plan';
import styles from './Schedules.module.css';

const FORM_ID = 'holiday-form';

/** A day on which the company does not work, or works otherwise. */
export function HolidayDialog({ holiday, onClose }: { holiday: RecordItem | null; onClose: () => void }) {
  const { t } = useTranslation('schedules');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const create = useCreateRecord('holiday');
  const change = useChangeRecord('holiday');
  const { showDone } = useUndoWithToast();
  const title = holiday === null ? t('holidays.new') : holiday.title;
  const draft = useDraft(`holiday.${holiday?.id ?? 'new'}`, title);
  const stored = {
    name: holiday?.title ?? '',
    date: asText(holiday?.values.date),
    isYearly: holiday?.values.is_yearly === true,
    hours: readSpans(holiday?.values.hours),
  };
  const [typed, setTyped] = useKept(draft, 'typed', stored);
  const set = (part: Partial<typeof stored>): void => setTyped((before) => ({ ...before, ...part }));
  const error = create.error ?? change.error;
  const problems = fieldProblems(error);
  const text = (field: string): string | undefined => {
    const [problem] = problems.get(field) ?? [];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  };

  async function save(): Promise<void> {
    const values = { name: typed.name.trim(), date: typed.date, is_yearly: typed.isYearly, hours: typed.hours.length === 0 ? null : JSON.stringify(typed.hours) };
    try {
      const { operation_id: operation } =
        holiday === null
          ? await create.mutateAsync({ values, idempotencyKey: newIdempotencyKey() })
          : await change.mutateAsync({ id: holiday.id, version: holiday.version, values });
      forgetRecords(client, 'holiday');
      showDone(t('holidays.saved', { name: values.name }), operation);
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  return (
    <Dialog
      title={title}
      isDirty={JSON.stringify(typed) !== JSON.stringify(stored)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!create.isPending && !change.isPending) void save();
        }}
      >
        <DraftNotice draft={draft} />
        {error !== null && problems.size === 0 && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="holiday-name" label={t('holidays.name')} isRequired error={text('name')}>
          <TextInput id="holiday-name" autoComplete="off" data-autofocus="" value={typed.name} onChange={(event) => set({ name: event.target.value })} />
        </FormField>
        <FormField controlId="holiday-date" label={t('holidays.date')} isRequired error={text('date')}>
          <DateInput id="holiday-date" className={styles.date} value={typed.date === '' ? null : typed.date} onChange={(date) => set({ date: date ?? '' })} />
        </FormField>
        <Checkbox isChecked={typed.isYearly} label={t('holidays.yearly')} onChange={(isYearly) => set({ isYearly })} />
        <HoursChoice day={typed.name} hours={typed.hours} onChange={(hours) => set({ hours })} />
        {text('hours') !== undefined && <Banner tone="error">{text('hours')}</Banner>}
      </form>
    </Dialog>
  );
}
