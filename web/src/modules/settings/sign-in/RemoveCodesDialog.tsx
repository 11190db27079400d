import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useRemoveCodes } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './sign-in.module.css';

const FORM_ID = 'remove-codes';
const FIELDS = ['password', 'code'] as const;

/** The password and a code: neither an open page nor a found phone is enough. */
export function RemoveCodesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const remove = useRemoveCodes();
  const [texts, setTexts] = useState({ password: '', code: '' });
  const problems = fieldProblems(remove.error);
  const isPlaced = FIELDS.some((key) => problems.has(key));

  function submit(event: FormEvent): void {
    event.preventDefault();
    remove.mutate(texts, {
      onSuccess: () => {
        showToast(t('is_off'));
        onClose();
      },
    });
  }

  return (
    <Dialog
      title={t('remove_title')}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" type="submit" form={FORM_ID} isBusy={remove.isPending}>
            {t('remove_confirm')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {remove.isError && !isPlaced && <Banner tone="error">{errorText(remove.error)}</Banner>}
        <p>{t('remove_text')}</p>
        {FIELDS.map((key) => {
          const problem = problems.get(key)?.[0];
          const id = `remove-codes-${key}`;
          return (
            <FormField
              key={key}
              controlId={id}
              label={t(key)}
              hint={key === 'code' ? t('code_hint') : undefined}
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
                onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
              />
            </FormField>
          );
        })}
      </form>
    </Dialog>
  );
}
