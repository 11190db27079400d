import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import styles from './sign-in.module.css';

const FORM_ID = 'second-step-proof';

export interface Proof {
  password: string;
  code: string;
}

export interface ProofDialogProps {
  title: string;
  text: string;
  confirmLabel: string;
  /** Null where the password is enough. */
  codeLabel: string | null;
  codeHint: string;
  texts: Proof;
  error: unknown;
  isBusy: boolean;
  onType: (texts: Proof) => void;
  onSubmit: () => void;
  onClose: () => void;
}

/** The password and a code before something is taken away: neither an open page nor a found phone is enough. */
export function ProofDialog({ title, text, confirmLabel, codeLabel, codeHint, texts, error, isBusy, onType, onSubmit, onClose }: ProofDialogProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const problems = fieldProblems(error);
  const fields = codeLabel === null ? (['password'] as const) : (['password', 'code'] as const);
  const isPlaced = fields.some((key) => problems.has(key));

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit();
  }

  return (
    <Dialog
      title={title}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" type="submit" form={FORM_ID} isBusy={isBusy}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {error !== null && !isPlaced && <Banner tone="error">{errorText(error)}</Banner>}
        <p>{text}</p>
        {fields.map((key) => {
          const problem = problems.get(key)?.[0];
          const id = `second-step-proof-${key}`;
          return (
            <FormField
              key={key}
              controlId={id}
              label={key === 'password' ? t('password') : codeLabel}
              hint={key === 'code' ? codeHint : undefined}
              error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
            >
              <TextInput
                id={id}
                type={key === 'password' ? 'password' : 'text'}
                autoComplete={key === 'password' ? 'current-password' : 'one-time-code'}
                spellCheck={false}
                value={texts[key]}
                isInvalid={problem !== undefined}
                aria-describedby={problem === undefined ? undefined : errorId(id)}
                data-autofocus={key === 'password' ? '' : undefined}
                onChange={(event) => onType({ ...texts, [key]: event.target.value })}
              />
            </FormField>
          );
        })}
      </form>
    </Dialog>
  );
}
