import { IconCopy } from '@tabler/icons-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useBeginCodeSetup, useConfirmCodeSetup, type CodeSetup as Setup } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { copyText } from '@/ui/copy-text';
import { errorId, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import styles from './sign-in.module.css';
import { usePasswordAgain } from './use-password-again';

export const CODE_FORM_ID = 'code-setup';

/** `GEZD GNBV …`: people read groups of four. */
function grouped(key: string): string {
  return key.replace(/(.{4})(?=.)/g, '$1 ');
}

export interface CodeSetupProps {
  /** The app is set up; the recovery codes are shown this once. */
  onDone: (recoveryCodes: string[]) => void;
  onBusy?: (isBusy: boolean) => void;
  /** The password was asked for and not given. */
  onCancel: () => void;
}

/** The key for the app as a picture and as text, and the first code of the app. */
export function CodeSetup({ onDone, onBusy, onCancel }: CodeSetupProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const { mutateAsync: begin } = useBeginCodeSetup();
  const [setup, setSetup] = useState<Setup | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { run, question } = usePasswordAgain();

  useEffect(() => {
    run(begin, { onSuccess: setSetup, onError: setFailure, onCancel });
    // Once, when the dialog opens: each answer is another key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  if (failure !== null) return <Banner tone="error">{errorText(failure)}</Banner>;
  if (setup === null) {
    return (
      <>
        <Skeleton lines={6} label={t('loading')} />
        {question}
      </>
    );
  }
  return <Confirmation setup={setup} onDone={onDone} onBusy={onBusy} />;
}

function Confirmation({ setup, onDone, onBusy }: Omit<CodeSetupProps, 'onCancel'> & { setup: Setup }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const confirm = useConfirmCodeSetup();
  const [code, setCode] = useState('');
  const problem = fieldProblems(confirm.error).get('code')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    onBusy?.(true);
    confirm.mutate(
      { ticket: setup.ticket, code },
      { onSuccess: (answer) => onDone(answer.recovery_codes), onSettled: () => onBusy?.(false) },
    );
  }

  return (
    <form id={CODE_FORM_ID} className={styles.form} onSubmit={submit} noValidate>
      {confirm.isError && problem === undefined && <Banner tone="error">{errorText(confirm.error)}</Banner>}
      <p>{t('scan')}</p>
      <svg className={styles.picture} viewBox={`0 0 ${setup.picture.size} ${setup.picture.size}`} role="img" aria-label={t('picture')} shapeRendering="crispEdges">
        <path d={setup.picture.path} />
      </svg>
      <div>
        <p id="code-setup-key" className={styles.label}>
          {t('key')}
        </p>
        <div className={styles.copied}>
          <div role="group" aria-labelledby="code-setup-key" className={styles.key}>
            {grouped(setup.key)}
          </div>
          <IconButton isFramed label={t('copy_key')} icon={<IconCopy size={16} />} onClick={() => void copyText(setup.key, t('key_copied'))} />
        </div>
        <p className={styles.hint}>{t('key_hint')}</p>
      </div>
      <FormField
        controlId="code-setup-code"
        label={t('first_code')}
        isRequired
        hint={t('first_code_hint')}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <TextInput
          id="code-setup-code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          value={code}
          isInvalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId('code-setup-code')}
          autoFocus
          onChange={(event) => setCode(event.target.value)}
        />
      </FormField>
    </form>
  );
}
