import { IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '@/records/paths';
import { MarkAllButton } from './MarkAllButton';
import { NotificationList } from './NotificationList';
import styles from './Notifications.module.css';

/** The latest notifications, over the page. */
export function NotificationPanel({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation('notifications');
  return (
    <div className={styles.panel}>
      <header className={styles.panelHead}>
        <h2 className={styles.panelTitle}>{t('title')}</h2>
        <MarkAllButton />
        <Link {...paths.notificationSettings()} className={styles.settings} aria-label={t('settings')} title={t('settings')} onClick={onFollow}>
          <IconSettings size={16} aria-hidden="true" />
        </Link>
      </header>
      <div className={styles.panelBody}>
        <NotificationList onFollow={onFollow} isFocused />
      </div>
      <footer className={styles.panelFoot}>
        <Link {...paths.notifications()} onClick={onFollow}>
          {t('show_all')}
        </Link>
      </footer>
    </div>
  );
}
