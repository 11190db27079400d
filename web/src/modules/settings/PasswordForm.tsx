import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangePassword, useSession } from '@/api/session';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './ProfileScreen.module.css';

const FIELDS = ['current_password', 'new_password'] as const;

/** A new password for oneself; all other sessions end with the old one. */
export function PasswordForm() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { user } = useSession();
  const change = useChangePassword();
  const form = useRef<HTMLFormElement>(null);
  const [texts, setTexts] = useState({ current_password: '', new_password: '' });
  const [isShown, setIsShown] = useState(false);
  const problems = fieldProblems(change.error);
  const isPlaced = FIELDS.some((key) => problems.has(key));

  useEffect(() => {
    if (change.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [change.isError, change.error]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    change.mutate(texts, {
      onSuccess: () => {
        setTexts({ current_password: '', new_password: '' });
        setIsShown(false);
        showToast(t('password.changed'));
      },
    });
  }

  return (
    <form ref={form} className={styles.section} aria-labelledby="profile-password" onSubmit={submit}>
      <h2 id="profile-password" className={styles.heading}>
        {t('password.title')}
      </h2>
      {change.isError && !isPlaced && <Banner tone="error">{errorText(change.error)}</Banner>}
      {/* Password managers look for the name that belongs to the password. */}
      <input type="text" autoComplete="username" value={user.login} readOnly hidden />
      <div className={styles.pair}>
        {FIELDS.map((key) => {
          const problem = problems.get(key)?.[0];
          const id = `profile-${key}`;
          return (
            <FormField
              key={key}
              controlId={id}
              label={t(`password.${key}`)}
              hint={key === 'new_password' ? t('password.hint') : undefined}
              error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
            >
              <TextInput
                id={id}
                type={isShown ? 'text' : 'password'}
                autoComplete={key === 'new_password' ? 'new-password' : 'current-password'}
                required
                value={texts[key]}
                isInvalid={problem !== undefined}
                aria-describedby={problem === undefined ? undefined : errorId(id)}
                onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
              />
            </FormField>
          );
        })}
      </div>
      <div className={styles.row}>
        <Checkbox isChecked={isShown} onChange={setIsShown} label={t('password.show')} />
        <Button type="submit" isBusy={change.isPending}>
          {t('password.change')}
        </Button>
      </div>
    </form>
  );
}
