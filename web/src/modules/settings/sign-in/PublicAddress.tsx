import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './sign-in.module.css';

const FIELD_ID = 'public-address';

/** Where browsers reach the program: what passkeys are made for. */
export function PublicAddress() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  const [typed, setTyped] = useState<string | null>(null);
  const problem = fieldProblems(change.error).get('public_url')?.[0];
  const here = window.location.origin;

  function save(address: string): void {
    change.mutate(
      { public_url: address },
      {
        onSuccess: () => {
          setTyped(null);
          showToast(t('address_saved'));
        },
      },
    );
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    save(typed ?? installation.public_url);
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {change.isError && problem === undefined && <Banner tone="error">{errorText(change.error)}</Banner>}
      <FormField
        controlId={FIELD_ID}
        label={t('address')}
        hint={t('address_hint')}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <TextInput
          id={FIELD_ID}
          type="url"
          autoComplete="off"
          spellCheck={false}
          value={typed ?? installation.public_url}
          isInvalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId(FIELD_ID)}
          onChange={(event) => setTyped(event.target.value)}
        />
      </FormField>
      <div className={styles.ways}>
        <Button type="submit" isBusy={change.isPending}>
          {t('save')}
        </Button>
        {installation.public_url === '' && typed === null && (
          <Button look="plain" onClick={() => save(here)}>
            {t('use_this_address', { address: here })}
          </Button>
        )}
      </div>
    </form>
  );
}
