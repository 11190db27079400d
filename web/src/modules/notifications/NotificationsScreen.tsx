import { IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '@/records/paths';
import { Page } from '@/ui/Page';
import { MarkAllButton } from './MarkAllButton';
import { NotificationList } from './NotificationList';
import styles from './Notifications.module.css';

/** All notifications, by day. */
export function NotificationsScreen() {
  const { t } = useTranslation('notifications');
  return (
    <Page
      width="form"
      title={t('title')}
      aside={
        <div className={styles.aside}>
          <MarkAllButton />
          <Link {...paths.notificationSettings()} className={styles.settings} aria-label={t('settings')} title={t('settings')}>
            <IconSettings size={16} aria-hidden="true" />
          </Link>
        </div>
      }
    >
      <NotificationList />
    </Page>
  );
}
