import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useAskForReset } from '@/api/invitations';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';

/** Asks for a link to a new password. The answer is the same whoever is asked about. */
export function ForgottenScreen() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const [typed, setTyped] = useState('');
  const ask = useAskForReset();

  function submit(event: FormEvent): void {
    event.preventDefault();
    ask.mutate(typed);
  }

  return (
    <EntrancePage title={t('forgotten.title')}>
      {ask.isSuccess ? (
        <p role="status" className={styles.intro}>
          {t('forgotten.asked', { typed: ask.variables })}
        </p>
      ) : (
        <form className={styles.form} onSubmit={submit}>
          {ask.isError && <Banner tone="error">{errorText(ask.error)}</Banner>}
          <FormField controlId="forgotten" label={t('forgotten.login_or_email')} hint={t('forgotten.hint')}>
            <TextInput
              id="forgotten"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              autoFocus
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </FormField>
          <Button look="primary" type="submit" isBusy={ask.isPending}>
            {t('forgotten.send')}
          </Button>
        </form>
      )}
      <p className={styles.note}>
        <Link {...paths.login()} className={styles.link}>
          {t('to_login')}
        </Link>
      </p>
    </EntrancePage>
  );
}
