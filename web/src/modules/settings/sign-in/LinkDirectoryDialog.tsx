import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useLinkDirectory } from '@/api/providers';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './sign-in.module.css';
import { usePasswordAgain } from './use-password-again';

const FORM_ID = 'link-directory';

/** Ties the account of a directory: its login and password show that it is one's own. */
export function LinkDirectoryDialog({ id, name, onClose }: { id: number; name: string; onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const link = useLinkDirectory(id);
  const { run, question } = usePasswordAgain();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const problem = fieldProblems(error).get('password')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    setError(null);
    run(() => link.mutateAsync({ login, password }), {
      onSuccess: () => {
        showToast(t('providers.linked'));
        onClose();
      },
      onError: setError,
    });
  }

  return (
    <Dialog
      title={t('providers.link_named', { name })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={link.isPending}>
            {t('providers.link')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {error !== null && problem === undefined && <Banner tone="error">{errorText(error)}</Banner>}
        <p>{t('directory.link_text')}</p>
        <FormField controlId="directory-login" label={t('directory.login')}>
          <TextInput
            id="directory-login"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={login}
            data-autofocus=""
            onChange={(event) => setLogin(event.target.value)}
          />
        </FormField>
        <FormField controlId="directory-password" label={t('password')} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <TextInput
            id="directory-password"
            type="password"
            autoComplete="off"
            value={password}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('directory-password')}
            onChange={(event) => setPassword(event.target.value)}
          />
        </FormField>
      </form>
      {question}
    </Dialog>
  );
}
