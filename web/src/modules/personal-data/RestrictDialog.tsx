import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useRestrictSubject, type RestrictInput } from '@/api/personal-data';
import type { CardToolProps } from '@/records/card/card-tools';
import { DateInput } from '@/fields/date/DateInput';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './PersonalData.module.css';

const FORM_ID = 'restrict-person';
const CAUSES = ['demand', 'accuracy', 'objection', 'unlawful', 'claims'] as const;

/** Restricting the processing of a card: since when, on which ground, by which letter. */
export function RestrictDialog({ record, onClose }: CardToolProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const restrict = useRestrictSubject();
  const [cause, setCause] = useState<RestrictInput['cause']>('demand');
  const [since, setSince] = useState('');
  const [reason, setReason] = useState('');
  const key = useRef(newIdempotencyKey());
  const problems = fieldProblems(restrict.error);
  const problemOf = (field: string): string | undefined => {
    const problem = problems.get(field)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  };

  function change(put: () => void): void {
    put();
    restrict.reset();
    key.current = newIdempotencyKey();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const input = { id: record.id, cause, since: since === '' ? null : since, reason: reason.trim() === '' ? null : reason.trim() };
    restrict.mutate(
      { ...input, idempotencyKey: key.current },
      {
        onSuccess: () => {
          showToast(t('restrict.done'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('restrict.title', { name: record.title })}
      size="small"
      isDirty={since !== '' || reason !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={restrict.isPending}>
            {t('restrict.run')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <p className={styles.hint}>{t('restrict.text')}</p>
        {restrict.isError && problems.size === 0 && <Banner tone="error">{errorText(restrict.error)}</Banner>}
        <FormField controlId="restrict-cause" label={t('restrict.cause')}>
          <Select
            id="restrict-cause"
            data-autofocus=""
            value={cause}
            options={CAUSES.map((value) => ({ value, label: t(`restrict.causes.${value}`) }))}
            onChange={(value) => change(() => setCause(value as RestrictInput['cause']))}
          />
        </FormField>
        <FormField controlId="restrict-since" label={t('restrict.since')} hint={t('restrict.since_hint')} error={problemOf('since')}>
          <DateInput id="restrict-since" value={since === '' ? null : since} keepsText onChange={(day) => change(() => setSince(day ?? ''))} />
        </FormField>
        <FormField controlId="restrict-reason" label={t('restrict.reason')} hint={t('restrict.reason_hint')} error={problemOf('reason')}>
          <TextInput id="restrict-reason" autoComplete="off" value={reason} onChange={(event) => change(() => setReason(event.target.value))} />
        </FormField>
      </form>
    </Dialog>
  );
}
