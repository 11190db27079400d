import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppPasswords } from '@/api/app-passwords';
import { useErrorText } from '@/api/errors';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { DeviceRow } from './DeviceRow';
import { NewAppPasswordDialog } from './NewAppPasswordDialog';
import styles from './ProfileScreen.module.css';

/** The phones and programs that keep an address book, what each of them gets and may, and the way to take that back. */
export function AppPasswords() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const passwords = useAppPasswords();
  const [isMaking, setIsMaking] = useState(false);
  const items = passwords.data?.items.filter(({ gives }) => gives === 'contacts') ?? [];
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
            <DeviceRow key={password.id} password={password} />
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => setIsMaking(true)}>{t('app_passwords.add')}</Button>
      </div>
      {isMaking && <NewAppPasswordDialog gives="contacts" onClose={() => setIsMaking(false)} />}
    </section>
  );
}
