import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unreadQuery } from '@/api/notifications';
import { paths } from '@/records/paths';
import { lazyPart } from '@/ui/lazy-part';
import { Popover } from '@/ui/Popover';
import { useNarrow } from '@/ui/use-narrow';
import { loadModuleTexts } from '../i18n';
import styles from './NotificationBell.module.css';

/** Beyond it the badge does not count. */
const COUNTED = 99;

const NotificationPanel = lazyPart(async () => {
  const [panel] = await Promise.all([import('@/modules/notifications/NotificationPanel'), loadModuleTexts()]);
  return panel;
}, 'NotificationPanel');

/** How many notifications nobody has read, and the latest of them; on a phone they have a page of their own. */
export function NotificationBell() {
  const { t } = useTranslation('app');
  const [isOpen, setIsOpen] = useState(false);
  const isNarrow = useNarrow();
  const unread = useQuery(unreadQuery).data?.unread ?? 0;
  const number = unread > COUNTED ? `${COUNTED}+` : String(unread);
  const label = unread === 0 ? t('notifications') : t('notifications_new', { number });
  const face = (
    <>
      <IconBell size={16} aria-hidden="true" />
      {unread > 0 && (
        <span className={styles.badge} aria-hidden="true">
          {number}
        </span>
      )}
    </>
  );
  if (isNarrow) {
    return (
      <Link {...paths.notifications()} className={styles.bell} aria-label={label} title={label}>
        {face}
      </Link>
    );
  }
  return (
    <Popover
      placement="bottom-end"
      label={t('notifications')}
      className={styles.popover}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <button type="button" className={styles.bell} aria-label={label} title={label} onPointerEnter={NotificationPanel.preload}>
          {face}
        </button>
      }
    >
      {(close) => <NotificationPanel onFollow={close} />}
    </Popover>
  );
}
