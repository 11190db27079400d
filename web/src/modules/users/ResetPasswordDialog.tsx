import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { useResetPassword } from '@/api/users';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';
import { newPassword } from './new-password';
import { PasswordField } from './PasswordField';
import styles from './UsersScreen.module.css';

const FORM_ID = 'reset-password';

/** A new password for somebody who has forgotten his; he is logged out everywhere. */
export function ResetPasswordDialog({ user, onClose }: { user: RecordItem; onClose: () => void }) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const reset = useResetPassword();
  const [password, setPassword] = useState(newPassword);
  const problems = fieldProblems(reset.error);
  const problem = problems.get('new_password')?.[0] ?? problems.get('password')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    reset.mutate(
      { id: user.id, password },
      {
        onSuccess: () => {
          showToast(t('password_reset', { name: user.title }));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('reset_title', { name: user.title })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form={FORM_ID}
            isBusy={reset.isPending}
            disabledReason={password === '' ? t('password_hint') : null}
          >
            {t('reset')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {reset.isError && problem === undefined && <Banner tone="error">{errorText(reset.error)}</Banner>}
        <p>{t('reset_text')}</p>
        <PasswordField id="reset-password-value" value={password} problem={problem} hasAutoFocus onChange={setPassword} />
      </form>
    </Dialog>
  );
}
