import { useTranslation } from 'react-i18next';
import { Appearance } from './Appearance';
import { OpenSessions } from './OpenSessions';
import { PasswordForm } from './PasswordForm';
import { PersonForm } from './PersonForm';
import styles from './ProfileScreen.module.css';

/** What everyone sets for himself. */
export function ProfileScreen() {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.screen}>
      <h1 className={styles.title}>{t('nav.profile')}</h1>
      <PersonForm />
      <Appearance />
      <PasswordForm />
      <OpenSessions />
    </div>
  );
}
