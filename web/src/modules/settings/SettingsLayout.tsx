import { IconBuilding, IconId, IconListDetails, IconTag, IconUser, IconUsers } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useSession } from '@/api/session';
import { paths } from '@/records/paths';
import { useFormat } from '@/ui/use-format';
import styles from './SettingsLayout.module.css';

/** The pages of the settings beside one another; those of an administrator only for one. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const { permissions } = useSession();
  const tags = useObjectType('tag');
  const format = useFormat();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the pages stand in one line that is longer than the screen.
  useEffect(() => {
    // In braces: newer browsers answer a promise, which is no way to clean up.
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <div className={styles.layout}>
      <nav ref={nav} className={styles.nav} aria-label={t('title')}>
        <Link {...paths.profile()} className={styles.link} activeProps={{ className: styles.active }}>
          <IconUser size={16} aria-hidden="true" />
          {t('nav.profile')}
        </Link>
        {tags?.permissions.change === true && (
          <Link {...paths.tags()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconTag size={16} aria-hidden="true" />
            {format.label(tags.labels_plural)}
          </Link>
        )}
        {permissions.administer && (
          <>
            <Link {...paths.cardSettings()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconId size={16} aria-hidden="true" />
              {t('nav.card')}
            </Link>
            <Link {...paths.fieldSettings()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconListDetails size={16} aria-hidden="true" />
              {t('nav.fields')}
            </Link>
            <Link {...paths.users()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconUsers size={16} aria-hidden="true" />
              {t('nav.users')}
            </Link>
            <Link {...paths.company()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconBuilding size={16} aria-hidden="true" />
              {t('nav.company')}
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
