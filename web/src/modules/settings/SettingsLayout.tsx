import { IconBuilding, IconCalendarTime, IconHistory, IconId, IconKey, IconListDetails, IconLogin2, IconMail, IconShield, IconShieldCheck, IconTag, IconUser, IconUsers, IconUsersGroup, IconWebhook } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useSession } from '@/api/session';
import type { Feature } from '@/api/types';
import { paths } from '@/records/paths';
import { useFormat } from '@/ui/use-format';
import styles from './SettingsLayout.module.css';

/** The pages of the settings beside one another; those that shape the program for whom a role opens them. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const { permissions } = useSession();
  const may = (feature: Feature): boolean => permissions.features.includes(feature);
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
        {may('fields') && (
          <>
            <Link {...paths.cardSettings()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconId size={16} aria-hidden="true" />
              {t('nav.card')}
            </Link>
            <Link {...paths.fieldSettings()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconListDetails size={16} aria-hidden="true" />
              {t('nav.fields')}
            </Link>
          </>
        )}
        {may('users') && (
          <>
            <Link {...paths.users()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconUsers size={16} aria-hidden="true" />
              {t('nav.users')}
            </Link>
            <Link {...paths.teams()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconUsersGroup size={16} aria-hidden="true" />
              {t('nav.teams')}
            </Link>
            <Link {...paths.schedules()} className={styles.link} activeProps={{ className: styles.active }}>
              <IconCalendarTime size={16} aria-hidden="true" />
              {t('nav.schedules')}
            </Link>
          </>
        )}
        {may('roles') && (
          <Link {...paths.roles()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconShield size={16} aria-hidden="true" />
            {t('nav.roles')}
          </Link>
        )}
        {(may('company') || may('all_data')) && (
          <Link {...paths.company()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconBuilding size={16} aria-hidden="true" />
            {t('nav.company')}
          </Link>
        )}
        {permissions.administer && (
          <Link {...paths.signInSettings()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconLogin2 size={16} aria-hidden="true" />
            {t('nav.sign_in')}
          </Link>
        )}
        {permissions.administer && (
          <Link {...paths.mail()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconMail size={16} aria-hidden="true" />
            {t('nav.mail')}
          </Link>
        )}
        {may('audit') && (
          <Link {...paths.audit()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconHistory size={16} aria-hidden="true" />
            {t('nav.audit')}
          </Link>
        )}
        {may('personal_data') && (
          <Link {...paths.personalData()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconShieldCheck size={16} aria-hidden="true" />
            {t('nav.personal_data')}
          </Link>
        )}
        {(may('api_keys') || may('users')) && (
          <Link {...paths.apiKeys()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconKey size={16} aria-hidden="true" />
            {t('nav.api_keys')}
          </Link>
        )}
        {may('webhooks') && (
          <Link {...paths.webhooks()} className={styles.link} activeProps={{ className: styles.active }}>
            <IconWebhook size={16} aria-hidden="true" />
            {t('nav.webhooks')}
          </Link>
        )}
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
