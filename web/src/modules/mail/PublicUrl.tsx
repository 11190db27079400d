import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangePublicUrl, type MailSettings } from '@/api/mail';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './Mail.module.css';

/** Where people open the program: links in letters begin with it, and what a request says about itself does not count. */
export function PublicUrl({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const change = useChangePublicUrl();
  const [typed, setTyped] = useState<string | null>(null);
  const { public_url: stored, is_public_url_fixed: isFixed } = settings;
  const value = typed ?? stored;
  const here = window.location.origin;
  const problem = fieldProblems(change.error).get('public_url')?.[0];

  function save(url: string): void {
    change.mutate(url, {
      onSuccess: () => {
        setTyped(null);
        showToast(t('saved'));
      },
    });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    save(value);
  }

  return (
    <form className={styles.section} aria-labelledby="mail-address" noValidate onSubmit={submit}>
      <h2 id="mail-address" className={styles.heading}>
        {t('address.title')}
      </h2>
      {stored === '' && (
        <Banner
          tone="warning"
          actions={
            <Button size="small" isBusy={change.isPending} onClick={() => save(here)}>
              {t('address.take', { url: here })}
            </Button>
          }
        >
          {t('address.missing')}
        </Banner>
      )}
      {change.isError && problem === undefined && <Banner tone="error">{errorText(change.error)}</Banner>}
      <FormField
        controlId="mail-public-url"
        label={t('address.label')}
        hint={isFixed ? t('address.fixed') : t('address.hint')}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <div className={styles.line}>
          <TextInput
            id="mail-public-url"
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://crm.example.org"
            disabled={isFixed}
            value={value}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('mail-public-url')}
            onChange={(event) => {
              setTyped(event.target.value);
              change.reset();
            }}
          />
          {!isFixed && (
            <Button type="submit" isBusy={change.isPending}>
              {t('save')}
            </Button>
          )}
        </div>
      </FormField>
    </form>
  );
}
