import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { PasskeyRefused, useCreatePasskey } from '@/api/passkeys';
import { forgetSecondStep, wantsPassword } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { deviceName } from '@/util/device-name';
import { RecoveryCodeList } from './RecoveryCodeList';
import styles from './sign-in.module.css';
import { usePasswordAgain } from './use-password-again';

const FORM_ID = 'new-passkey';

/** A name for the key, the question of the browser, and, with the first second step, the recovery codes. */
export function NewPasskeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const client = useQueryClient();
  const create = useCreatePasskey();
  const [name, setName] = useState(deviceName(navigator.userAgent) ?? '');
  const [codes, setCodes] = useState<string[]>([]);
  const { run, question } = usePasswordAgain();
  const problem = fieldProblems(create.error).get('name')?.[0];

  function end(): void {
    void forgetSecondStep(client);
    showToast(t('passkey_added'));
    onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    // What else goes wrong is shown by the form.
    run(() => create.mutateAsync(name), {
      onSuccess: (answer) => (answer.recovery_codes.length === 0 ? end() : setCodes(answer.recovery_codes)),
      onError: () => undefined,
      onCancel: () => create.reset(),
    });
  }

  if (codes.length > 0) {
    return (
      <Dialog
        title={t('recovery_title')}
        size="small"
        closesOnBackdrop={false}
        onClose={end}
        footer={
          <Button look="primary" onClick={end} data-autofocus="">
            {t('saved_them')}
          </Button>
        }
      >
        <div className={styles.form}>
          <Banner tone="warning">{t('recovery_once')}</Banner>
          <RecoveryCodeList codes={codes} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('new_passkey')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending}>
            {t('make_passkey')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {create.isError && problem === undefined && !wantsPassword(create.error) && (
          <Banner tone="error">{create.error instanceof PasskeyRefused ? t('passkey_refused') : errorText(create.error)}</Banner>
        )}
        <p>{t('new_passkey_text')}</p>
        <FormField
          controlId="passkey-name"
          label={t('passkey_name')}
          isRequired
          hint={t('passkey_name_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="passkey-name"
            autoComplete="off"
            value={name}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('passkey-name')}
            data-autofocus=""
            onChange={(event) => setName(event.target.value)}
          />
        </FormField>
      </form>
      {question}
    </Dialog>
  );
}
