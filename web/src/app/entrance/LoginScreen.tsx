import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { endSession, setupQuery, type SetupState } from '@/api/session';
import { useLogIn, type OpenSecondStep } from '@/api/sign-in';
import { minimisedCards } from '@/records/minimised/minimised-cards';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { lazyPart } from '@/ui/lazy-part';
import { TextInput } from '@/ui/TextInput';
import { loadModuleTexts } from '../i18n';
import { dropStored, readStored } from '@/util/drafts';
import { safePath } from '@/util/safe-path';
import { HOURS_OVER } from '../hours-over';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';
import { PasskeyButton } from './PasskeyButton';

/** Few need it, and its texts are those of the sign-in's settings. */
const SecondStepForm = lazyPart(async () => {
  const [form] = await Promise.all([import('./SecondStepForm'), loadModuleTexts()]);
  return form;
}, 'SecondStepForm');

const ProviderButtons = lazyPart(async () => {
  const [buttons] = await Promise.all([import('./ProviderButtons'), loadModuleTexts()]);
  return buttons;
}, 'ProviderButtons');

const UNKNOWN_WAYS: Pick<SetupState, 'resets_by_mail' | 'takes_passkeys' | 'providers' | 'only_providers'> = {
  resets_by_mail: false,
  takes_passkeys: false,
  providers: [],
  only_providers: false,
};

export function LoginScreen() {
  const { t } = useTranslation('app');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<OpenSecondStep | null>(null);
  const logIn = useLogIn();
  const [ways, setWays] = useState(UNKNOWN_WAYS);
  const [isAdministrator, setIsAdministrator] = useState(false);
  const client = useQueryClient();
  const [areHoursOver] = useState(() => readStored(HOURS_OVER) === true);
  const router = useRouter();

  // A session may have ended under an open page; only here no screen shows its data any more.
  useEffect(() => {
    dropStored(HOURS_OVER);
    endSession(client);
    minimisedCards.clear();
    router.clearCache();
    // Asked only now: what was read before has just been forgotten. Without an answer the administrator stands for the letter.
    client.fetchQuery(setupQuery).then(setWays, () => undefined);
  }, [client, router]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    logIn.mutate(
      { login, password },
      {
        onSuccess: (answer) => {
          if ('ticket' in answer) setStep(answer);
          else enter();
        },
      },
    );
  }

  function enter(): void {
    void navigate({ href: safePath(next, window.location.origin) });
  }

  function startAgain(): void {
    setStep(null);
    setPassword('');
    logIn.reset();
  }

  if (step !== null) return <SecondStepForm step={step} onEnter={enter} onStartAgain={startAgain} />;

  const buttons = ways.providers.filter((provider) => !provider.is_directory);
  const hasDirectory = buttons.length < ways.providers.length;
  // Passwords are for administrators alone: the others do not type theirs in vain, unless it is that of a directory.
  if (ways.only_providers && !hasDirectory && !isAdministrator) {
    return (
      <EntrancePage title={t('login.title')}>
        <ProviderButtons providers={buttons} next={next} isOnly />
        <p className={styles.note}>
          <Button look="link" onClick={() => setIsAdministrator(true)}>
            {t('login.as_administrator')}
          </Button>
        </p>
      </EntrancePage>
    );
  }

  return (
    <EntrancePage title={t('login.title')}>
      <form className={styles.form} onSubmit={submit}>
        {areHoursOver && !logIn.isError && <Banner tone="info">{t('hours_over')}</Banner>}
        {logIn.isError && <Banner tone="error">{errorText(logIn.error)}</Banner>}
        <FormField controlId="login" label={t('login.login')}>
          <TextInput
            id="login"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
        </FormField>
        <FormField controlId="password" label={t('login.password')}>
          <TextInput
            id="password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </FormField>
        <Button look="primary" type="submit" isBusy={logIn.isPending}>
          {t('login.enter')}
        </Button>
      </form>
      {buttons.length > 0 && (hasDirectory || !ways.only_providers) && <ProviderButtons providers={buttons} next={next} isOnly={false} />}
      {ways.takes_passkeys && <PasskeyButton onEnter={enter} />}
      {ways.resets_by_mail ? (
        <p className={styles.note}>
          <Link {...paths.forgotten()} className={styles.link}>
            {t('login.forgot')}
          </Link>
        </p>
      ) : (
        <p className={styles.note}>{t('login.forgotten')}</p>
      )}
    </EntrancePage>
  );
}
