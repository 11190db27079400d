import { IconFingerprint } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { hasPasskeys, PasskeyRefused, usePasskeyLogin } from '@/api/passkeys';
import { useBeginProvider, useIdentities } from '@/api/providers';
import { useConfirmPassword, useFinishSecondStep, wantsPassword, type OpenSecondStep } from '@/api/sign-in';
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

interface QuestionProps {
  onConfirmed: () => void;
  onClose: () => void;
}

function PasswordQuestion({ onConfirmed, onClose }: QuestionProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const confirm = useConfirmPassword();
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<OpenSecondStep | null>(null);
  const problem = fieldProblems(confirm.error).get('password')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    confirm.mutate(password, {
      onSuccess: (missing) => {
        if (missing === undefined) onConfirmed();
        else setStep(missing);
      },
    });
  }

  // Whoever came by a provider may know no password here: he logs in there once more, and comes back to this page.
  const { pathname } = useLocation();
  const identities = useIdentities();
  const begin = useBeginProvider();
  const open = (identities.data?.items ?? []).flatMap(({ provider_id: id, provider, is_directory: isDirectory }) =>
    // The password of a directory is typed here like another one.
    id === null || isDirectory ? [] : [{ id, name: provider }],
  );
  const directory = identities.data?.items.find((identity) => identity.is_directory)?.provider;

  if (step !== null) return <SecondStepQuestion step={step} onConfirmed={onConfirmed} onClose={onClose} />;
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
        <FormField
          controlId="password-again-value"
          label={t('password')}
          hint={directory === undefined ? undefined : t('again_directory', { name: directory })}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
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

/** After the right password, of whoever has a second step: the code of the app, a recovery code, or a passkey. */
function SecondStepQuestion({ step, onConfirmed, onClose }: QuestionProps & { step: OpenSecondStep }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const finish = useFinishSecondStep('confirm');
  const passkey = usePasskeyLogin(step.ticket, 'confirm');
  const [code, setCode] = useState('');
  const problem = fieldProblems(finish.error).get('code')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    finish.mutate({ ticket: step.ticket, code }, { onSuccess: onConfirmed });
  }

  return (
    <Dialog
      title={t('again_step_title')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={finish.isPending}>
            {t('go_on')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {finish.isError && problem === undefined && <Banner tone="error">{errorText(finish.error)}</Banner>}
        <p>{t(step.has_codes ? 'again_code_text' : 'again_recovery_text')}</p>
        <FormField
          controlId="second-step-again"
          label={t(step.has_codes ? 'code' : 'recovery_code')}
          hint={t(step.has_codes ? 'code_hint' : 'recovery_code_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="second-step-again"
            autoComplete={step.has_codes ? 'one-time-code' : 'off'}
            autoCapitalize="none"
            spellCheck={false}
            value={code}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('second-step-again')}
            data-autofocus=""
            onChange={(event) => setCode(event.target.value)}
          />
        </FormField>
        {step.has_passkeys && hasPasskeys() && (
          <div className={styles.ways}>
            <Button icon={<IconFingerprint size={16} />} isBusy={passkey.isPending} onClick={() => passkey.mutate(undefined, { onSuccess: onConfirmed })}>
              {t('again_passkey')}
            </Button>
          </div>
        )}
        {passkey.isError && <Banner tone="error">{passkey.error instanceof PasskeyRefused ? t('again_passkey_refused') : errorText(passkey.error)}</Banner>}
      </form>
    </Dialog>
  );
}
