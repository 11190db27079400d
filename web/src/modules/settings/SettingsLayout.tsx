import { IconListDetails, IconUser, IconUsers } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { paths } from '@/records/paths';
import styles from './SettingsLayout.module.css';

/** The pages of the settings beside one another; those of an administrator only for one. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const { permissions } = useSession();
  return (
    <div className={styles.layout}>
      <nav className={styles.nav} aria-label={t('title')}>
        <Link {...paths.profile()} className={styles.link} activeProps={{ className: styles.active }}>
          <IconUser size={16} aria-hidden="true" />
          {t('nav.profile')}
        </Link>
        {permissions.administer && (
          <>
            <Link {...paths.fieldSettings()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconListDetails size={16} aria-hidden="true" />
              {t('nav.fields')}
            </Link>
            <Link {...paths.users()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconUsers size={16} aria-hidden="true" />
              {t('nav.users')}
            </Link>
          </>
        )}
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
