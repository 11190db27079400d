import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useErrorText } from '@/api/errors';
import { useTryDirectory, type Directory, type DirectoryStep } from '@/api/providers';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import styles from './sign-in.module.css';

export interface DirectoryTrialProps {
  /** The stored one, whose password may be used. */
  provider: number | null;
  directory: Directory;
  secret: string;
}

/** Tries the directory as it is written, with somebody's login if one is given, and says step by step what works. */
export function DirectoryTrial({ provider, directory, secret }: DirectoryTrialProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const trial = useTryDirectory();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const asked = trial.variables;
  // What was found out is about what was asked, not about what is written since.
  const isOf = asked !== undefined && JSON.stringify(asked) === JSON.stringify({ provider, directory, secret, login, password });
  const missing = directory.host.trim() === '' ? 'needs_host' : directory.base_dn.trim() === '' ? 'needs_base' : null;
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.legend}>{t('directory.trial.title')}</legend>
      <div className={styles.pairs}>
        <FormField controlId="directory-trial-login" label={t('directory.login')} hint={t('directory.trial.login_hint')}>
          <TextInput id="directory-trial-login" autoComplete="off" autoCapitalize="none" spellCheck={false} value={login} onChange={(event) => setLogin(event.target.value)} />
        </FormField>
        <FormField controlId="directory-trial-password" label={t('password')} hint={t('directory.trial.password_hint')}>
          <TextInput id="directory-trial-password" type="password" autoComplete="off" value={password} onChange={(event) => setPassword(event.target.value)} />
        </FormField>
      </div>
      <div className={styles.trial}>
        <Button
          size="small"
          isBusy={trial.isPending}
          disabledReason={missing === null ? null : t(`directory.trial.${missing}`)}
          onClick={() => trial.mutate({ provider, directory, secret, login, password })}
        >
          {t('directory.trial.try')}
        </Button>
        {isOf && trial.isError && <Banner tone="error">{fieldProblems(trial.error).size > 0 ? t('directory.trial.invalid') : errorText(trial.error)}</Banner>}
        {isOf && trial.isSuccess && (
          <ol className={styles.steps} aria-label={t('directory.trial.title')} aria-live="polite">
            {trial.data.steps.map((step) => (
              <StepRow key={step.step} step={step} />
            ))}
          </ol>
        )}
      </div>
    </fieldset>
  );
}

function StepRow({ step: { step, code, detail, person } }: { step: DirectoryStep }) {
  const { t, i18n } = useTranslation('sign-in');
  const known = `directory.trial.${code ?? ''}`;
  const Icon = code === null ? IconCircleCheck : IconCircleX;
  return (
    <li className={code === null ? styles.good : styles.bad}>
      <Icon size={16} aria-hidden="true" />
      <span>
        {t(`directory.trial.${step}`)}
        {code === null ? person !== null && `: ${person}` : `: ${t(i18n.exists(known, { ns: 'sign-in' }) ? known : 'directory.trial.unknown', { code, detail })}`}
      </span>
    </li>
  );
}
