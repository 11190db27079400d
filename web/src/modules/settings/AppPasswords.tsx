import { IconAlertTriangle, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppPasswords, useRevokeAppPassword, type AppPassword } from '@/api/app-passwords';
import { useErrorText } from '@/api/errors';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { NewAppPasswordDialog } from './NewAppPasswordDialog';
import styles from './ProfileScreen.module.css';

/** The phones and programs that keep an address book, what each of them gets and may, and the way to take that back. */
export function AppPasswords() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const passwords = useAppPasswords();
  const [isMaking, setIsMaking] = useState(false);
  const items = passwords.data?.items ?? [];
  return (
    <section className={styles.section} aria-labelledby="profile-app-passwords">
      <div>
        <h2 id="profile-app-passwords" className={styles.heading}>
          {t('app_passwords.title')}
        </h2>
        <p className={styles.hint}>{t('app_passwords.intro')}</p>
      </div>
      {passwords.isPending && <Skeleton lines={1} label={t('loading')} />}
      {passwords.isError && items.length === 0 && (
        <ErrorState message={errorText(passwords.error)} onRetry={() => void passwords.refetch()} />
      )}
      {items.length > 0 && (
        <ul className={styles.sessions}>
          {items.map((password) => (
            <PasswordRow key={password.id} password={password} />
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => setIsMaking(true)}>{t('app_passwords.add')}</Button>
      </div>
      {isMaking && <NewAppPasswordDialog onClose={() => setIsMaking(false)} />}
    </section>
  );
}

function PasswordRow({ password }: { password: AppPassword }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const revoke = useRevokeAppPassword();
  const { name, contacts, contacts_id: setId, contacts_title: title } = password;
  const isLost = setId !== null && title === null;
  const details = [
    ...(isLost ? [] : [t(`app_passwords.books.${contacts}`, { title })]),
    t(password.may_write ? 'app_passwords.writes' : 'app_passwords.reads'),
    t('app_passwords.made', { when: format.recent(password.created_at) }),
    password.last_used_at === null ? t('app_passwords.never_used') : t('app_passwords.used', { when: format.recent(password.last_used_at) }),
  ];
  return (
    <li className={styles.session}>
      <IconDeviceMobile size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{name}</p>
        {isLost && (contacts === 'view' || contacts === 'group') && (
          <p className={styles.lost}>
            <IconAlertTriangle size={16} aria-hidden="true" />
            <span>{t(`app_passwords.lost.${contacts}`)}</span>
          </p>
        )}
        <p className={styles.hint}>{details.join(' · ')}</p>
      </div>
      <Button
        size="small"
        isBusy={revoke.isPending}
        aria-label={t('app_passwords.revoke_named', { name })}
        onClick={() =>
          revoke.mutate(password.id, {
            onSuccess: () => showToast(t('app_passwords.revoked', { name })),
            onError: (error) => showToast(errorText(error), { tone: 'error' }),
          })
        }
      >
        {t('app_passwords.revoke')}
      </Button>
    </li>
  );
}
