import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useCompleteReset, useResetView } from '@/api/invitations';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';
import { useLinkToken } from './link-token';

/** Behind the link of a letter: a new password. One logs in with it afterwards. */
export function NewPasswordScreen() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const token = useLinkToken();
  const view = useResetView(token);
  const complete = useCompleteReset();
  const [password, setPassword] = useState('');
  const problem = fieldProblems(complete.error).get('new_password')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    complete.mutate({ token, new_password: password });
  }

  if (complete.isSuccess) {
    return (
      <EntrancePage title={t('reset.done_title')}>
        <p role="status" className={styles.intro}>
          {t('reset.done')}
        </p>
        <Link {...paths.login()} className={styles.link}>
          {t('to_login')}
        </Link>
      </EntrancePage>
    );
  }
  return (
    <EntrancePage title={t('reset.title')}>
      {view.isPending && <Skeleton lines={3} label={t('loading')} />}
      {view.isError && (
        <>
          <Banner tone="error">{errorText(view.error)}</Banner>
          <p className={styles.note}>
            <Link {...paths.forgotten()} className={styles.link}>
              {t('reset.ask_again')}
            </Link>
          </p>
        </>
      )}
      {view.isSuccess && (
        <form className={styles.form} onSubmit={submit}>
          {complete.isError && problem === undefined && <Banner tone="error">{errorText(complete.error)}</Banner>}
          <FormField controlId="reset-login" label={t('reset.login')}>
            <TextInput id="reset-login" name="username" autoComplete="username" value={view.data.login} readOnly />
          </FormField>
          <FormField
            controlId="reset-password"
            label={t('reset.password')}
            hint={t('password_hint')}
            error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
          >
            <TextInput
              id="reset-password"
              type="password"
              autoComplete="new-password"
              minLength={8}
              required
              autoFocus
              value={password}
              isInvalid={problem !== undefined}
              aria-describedby={problem === undefined ? undefined : errorId('reset-password')}
              onChange={(event) => setPassword(event.target.value)}
            />
          </FormField>
          <Button look="primary" type="submit" isBusy={complete.isPending}>
            {t('reset.save')}
          </Button>
          <p className={styles.note}>{t('reset.ends_sessions')}</p>
        </form>
      )}
    </EntrancePage>
  );
}
