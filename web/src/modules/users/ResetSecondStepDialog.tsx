import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { useResetSecondStep } from '@/api/users';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './UsersScreen.module.css';

const FORM_ID = 'reset-second-step';

/** For somebody who has lost his phone and his recovery codes; the reason stands in his history. */
export function ResetSecondStepDialog({ user, onClose }: { user: RecordItem; onClose: () => void }) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const reset = useResetSecondStep();
  const [reason, setReason] = useState('');
  const problem = fieldProblems(reset.error).get('reason')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    reset.mutate(
      { id: user.id, reason },
      {
        onSuccess: () => {
          showToast(t('second_step_reset', { name: user.title }));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('second_step_title', { name: user.title })}
      size="small"
      isDirty={reason !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" type="submit" form={FORM_ID} isBusy={reset.isPending}>
            {t('second_step_confirm')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {reset.isError && problem === undefined && <Banner tone="error">{errorText(reset.error)}</Banner>}
        <p>{t('second_step_text')}</p>
        <FormField
          controlId="second-step-reason"
          label={t('reason')}
          hint={t('reason_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="second-step-reason"
            autoComplete="off"
            value={reason}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('second-step-reason')}
            data-autofocus=""
            onChange={(event) => setReason(event.target.value)}
          />
        </FormField>
      </form>
    </Dialog>
  );
}
