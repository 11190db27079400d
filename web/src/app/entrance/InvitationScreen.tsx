import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useAcceptInvitation, useInvitationView } from '@/api/invitations';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { isLanguage } from '@/util/languages';
import { switchLanguage } from '../i18n';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';
import { useLinkToken } from './link-token';

const FIELDS = ['login', 'password'] as const;

/** Behind the link of an invitation: login and password, and one is in. */
export function InvitationScreen() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const navigate = useNavigate();
  const token = useLinkToken();
  const view = useInvitationView(token);
  const accept = useAcceptInvitation();
  const [typed, setTyped] = useState<{ login?: string; password: string }>({ password: '' });
  // An address is a good login; whoever likes another one types it.
  const texts = { login: typed.login ?? view.data?.email ?? '', password: typed.password };
  const problems = fieldProblems(accept.error);
  const isPlaced = FIELDS.some((key) => problems.has(key));
  const language = view.data?.language;

  useEffect(() => {
    if (isLanguage(language)) void switchLanguage(language);
  }, [language]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    accept.mutate({ token, ...texts }, { onSuccess: () => void navigate({ to: '/' }) });
  }

  return (
    <EntrancePage title={view.data === undefined ? t('welcome.title') : t('welcome.to', { company: view.data.company_name })}>
      {view.isPending && <Skeleton lines={4} label={t('loading')} />}
      {view.isError && (
        <>
          <Banner tone="error">{errorText(view.error)}</Banner>
          <p className={styles.note}>{t('welcome.ask_again')}</p>
          <Link {...paths.login()} className={styles.link}>
            {t('to_login')}
          </Link>
        </>
      )}
      {view.isSuccess && (
        <>
          <p className={styles.intro}>{t('welcome.intro', { name: view.data.name })}</p>
          <form className={styles.form} onSubmit={submit}>
            {accept.isError && !isPlaced && <Banner tone="error">{errorText(accept.error)}</Banner>}
            {FIELDS.map((key) => {
              const problem = problems.get(key)?.[0];
              const id = `welcome-${key}`;
              return (
                <FormField
                  key={key}
                  controlId={id}
                  label={t(`welcome.${key}`)}
                  hint={key === 'login' ? t('welcome.login_hint') : t('password_hint')}
                  error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
                >
                  <TextInput
                    id={id}
                    name={key === 'login' ? 'username' : 'new-password'}
                    type={key === 'password' ? 'password' : undefined}
                    autoComplete={key === 'password' ? 'new-password' : 'username'}
                    autoCapitalize="none"
                    spellCheck={false}
                    required
                    autoFocus={key === 'password'}
                    minLength={key === 'password' ? 8 : undefined}
                    value={texts[key]}
                    isInvalid={problem !== undefined}
                    aria-describedby={problem === undefined ? undefined : errorId(id)}
                    onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
                  />
                </FormField>
              );
            })}
            <Button look="primary" type="submit" isBusy={accept.isPending}>
              {t('welcome.enter')}
            </Button>
          </form>
        </>
      )}
    </EntrancePage>
  );
}
