import { IconSend } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSendTrial } from '@/api/mail';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { useFailureText } from './use-failure-text';
import styles from './Mail.module.css';

/** A letter to try the saved settings, with what the server says. */
export function Trial() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const failureText = useFailureText();
  const trial = useSendTrial();
  const [address, setAddress] = useState('');
  const problem = fieldProblems(trial.error).get('address')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    trial.mutate(address);
  }

  return (
    <form className={styles.section} aria-labelledby="mail-trial" noValidate onSubmit={submit}>
      <h2 id="mail-trial" className={styles.heading}>
        {t('trial.title')}
      </h2>
      <FormField
        controlId="mail-trial-address"
        label={t('trial.address')}
        hint={t('trial.hint')}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <div className={styles.line}>
          <TextInput
            id="mail-trial-address"
            type="email"
            autoComplete="email"
            value={address}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('mail-trial-address')}
            onChange={(event) => setAddress(event.target.value)}
          />
          <Button type="submit" icon={<IconSend size={16} />} isBusy={trial.isPending}>
            {t('trial.send')}
          </Button>
        </div>
      </FormField>
      {trial.isError && problem === undefined && <Banner tone="error">{errorText(trial.error)}</Banner>}
      {trial.data?.is_sent === true && <Banner tone="success">{t('trial.sent', { address: trial.variables })}</Banner>}
      {trial.data?.is_sent === false && <Banner tone="error">{failureText(trial.data.code, trial.data.text)}</Banner>}
    </form>
  );
}
