import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { pointerTokens, useCodeText, useErrorText } from '@/api/errors';
import { isApiError } from '@/api/client';
import { setupQuery, useSetUp, type SetupInput } from '@/api/session';
import { countryOptions } from '@/fields/addresses/address-text';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';

const COUNTRY_OF_LANGUAGE: Readonly<Record<string, string>> = { uk: 'UA', ru: 'UA', en: 'PL' };

type TextKey = 'company_name' | 'name' | 'login' | 'password' | 'token';

/** The first page a new installation shows: the company and its first administrator. */
export function SetupScreen() {
  const { t, i18n } = useTranslation('app');
  const { language } = i18n;
  const { token = '' } = useSearch({ from: '/setup' });
  const navigate = useNavigate();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const setup = useQuery(setupQuery);
  const setUp = useSetUp();
  const form = useRef<HTMLFormElement>(null);
  const [texts, setTexts] = useState<Record<TextKey, string>>({ company_name: '', name: '', login: '', password: '', token });
  const [country, setCountry] = useState(COUNTRY_OF_LANGUAGE[language] ?? 'UA');
  const problems = new Map(
    (isApiError(setUp.error) ? (setUp.error.problem.errors ?? []) : []).map((problem) => [pointerTokens(problem.pointer)[0] ?? '', problem]),
  );

  useEffect(() => {
    if (setUp.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [setUp.isError, setUp.error]);

  if (setup.data?.is_open === false) {
    return (
      <EntrancePage title={t('setup.closed_title')}>
        <p className={styles.intro}>{t('setup.closed_text')}</p>
        <Link {...paths.login()} className={styles.link}>
          {t('setup.to_login')}
        </Link>
      </EntrancePage>
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const input: SetupInput = { ...texts, country, language };
    setUp.mutate(input, { onSuccess: () => void navigate({ to: '/' }) });
  }

  function field(key: TextKey, options: { type?: string; autoComplete?: string; hint?: string; minLength?: number }) {
    const problem = problems.get(key);
    return (
      <FormField
        controlId={`setup-${key}`}
        label={t(`setup.${key}`)}
        isRequired
        hint={options.hint}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <TextInput
          id={`setup-${key}`}
          type={options.type}
          autoComplete={options.autoComplete ?? 'off'}
          minLength={options.minLength}
          required
          isInvalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId(`setup-${key}`)}
          value={texts[key]}
          onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
        />
      </FormField>
    );
  }

  const countries = countryOptions(language);
  return (
    <EntrancePage title={t('setup.title')}>
      <p className={styles.intro}>{t('setup.intro')}</p>
      <form ref={form} className={styles.form} onSubmit={submit}>
        {setUp.isError && problems.size === 0 && <Banner tone="error">{errorText(setUp.error)}</Banner>}
        {field('company_name', { autoComplete: 'organization' })}
        <FormField controlId="setup-country" label={t('setup.country')} hint={t('setup.country_hint')}>
          <Select id="setup-country" value={country} options={countries} onChange={setCountry} />
        </FormField>
        {field('name', { autoComplete: 'name' })}
        {field('login', { autoComplete: 'username' })}
        {field('password', { type: 'password', autoComplete: 'new-password', hint: t('setup.password_hint'), minLength: 8 })}
        {token === '' && field('token', { hint: t('setup.token_hint') })}
        <Button look="primary" type="submit" isBusy={setUp.isPending}>
          {t('setup.start')}
        </Button>
      </form>
    </EntrancePage>
  );
}
