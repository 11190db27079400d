import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useLiftRestriction } from '@/api/personal-data';
import type { CardToolProps } from '@/records/card/card-tools';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './PersonalData.module.css';

const FORM_ID = 'lift-restriction';

/** Letting a restricted card be used again; the reason stands in its history. */
export function LiftDialog({ record, onClose }: CardToolProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const lift = useLiftRestriction();
  const [reason, setReason] = useState('');
  const key = useRef(newIdempotencyKey());
  const problem = fieldProblems(lift.error).get('reason')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    lift.mutate(
      { id: record.id, reason, idempotencyKey: key.current },
      {
        onSuccess: () => {
          showToast(t('lift.done'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('lift.title', { name: record.title })}
      size="small"
      isDirty={reason !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={lift.isPending}>
            {t('lift.run')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <p className={styles.hint}>{t('lift.text')}</p>
        {lift.isError && problem === undefined && <Banner tone="error">{errorText(lift.error)}</Banner>}
        <FormField
          controlId="lift-reason"
          label={t('lift.reason')}
          hint={t('lift.reason_hint')}
          isRequired
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="lift-reason"
            autoComplete="off"
            data-autofocus=""
            value={reason}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('lift-reason')}
            onChange={(event) => {
              setReason(event.target.value);
              lift.reset();
              key.current = newIdempotencyKey();
            }}
          />
        </FormField>
      </form>
    </Dialog>
  );
}
