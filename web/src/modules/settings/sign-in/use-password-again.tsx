import { useLocation } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useBeginProvider, useIdentities } from '@/api/providers';
import { useConfirmPassword, wantsPassword } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import styles from './sign-in.module.css';

interface Ends<Answer> {
  onSuccess: (answer: Answer) => void;
  onError: (error: unknown) => void;
  /** He does not give the password. */
  onCancel?: () => void;
}

/**
 * Runs what the server does only soon after a login. When it asks for the password, `question` is the dialog that gives it; then the action is
 * tried again.
 */
export function usePasswordAgain(): { run: <Answer>(action: () => Promise<Answer>, ends: Ends<Answer>) => void; question: ReactNode } {
  const [asked, setAsked] = useState<{ again: () => void; cancel: (() => void) | undefined } | null>(null);

  function run<Answer>(action: () => Promise<Answer>, ends: Ends<Answer>): void {
    action().then(ends.onSuccess, (error: unknown) => {
      if (wantsPassword(error)) setAsked({ again: () => run(action, ends), cancel: ends.onCancel });
      else ends.onError(error);
    });
  }

  const question = asked !== null && (
    <PasswordQuestion
      onClose={() => {
        setAsked(null);
        asked.cancel?.();
      }}
      onConfirmed={() => {
        setAsked(null);
        asked.again();
      }}
    />
  );
  return { run, question };
}

const FORM_ID = 'password-again';

function PasswordQuestion({ onConfirmed, onClose }: { onConfirmed: () => void; onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const confirm = useConfirmPassword();
  const [password, setPassword] = useState('');
  const problem = fieldProblems(confirm.error).get('password')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    confirm.mutate(password, { onSuccess: onConfirmed });
  }

  // Whoever came by a provider may know no password here: he logs in there once more, and comes back to this page.
  const { pathname } = useLocation();
  const identities = useIdentities();
  const begin = useBeginProvider();
  const open = (identities.data?.items ?? []).flatMap(({ provider_id: id, provider }) => (id === null ? [] : [{ id, name: provider }]));

  return (
    <Dialog
      title={t('again_title')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={confirm.isPending}>
            {t('go_on')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {confirm.isError && problem === undefined && <Banner tone="error">{errorText(confirm.error)}</Banner>}
        <p>{t('again_text')}</p>
        <FormField controlId="password-again-value" label={t('password')} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <TextInput
            id="password-again-value"
            type="password"
            autoComplete="current-password"
            value={password}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('password-again-value')}
            data-autofocus=""
            onChange={(event) => setPassword(event.target.value)}
          />
        </FormField>
        {begin.isError && <Banner tone="error">{errorText(begin.error)}</Banner>}
        {open.length > 0 && (
          <div className={styles.ways}>
            {open.map(({ id, name }) => (
              <Button key={id} isBusy={begin.isPending} onClick={() => begin.mutate({ id, wish: 'confirm', next: pathname })}>
                {t('providers.confirm', { name })}
              </Button>
            ))}
          </div>
        )}
      </form>
    </Dialog>
  );
}
