import {
  IconBuilding,
  IconCalendarTime,
  IconCoins,
  IconHistory,
  IconId,
  IconKey,
  IconListDetails,
  IconLogin2,
  IconMail,
  IconShield,
  IconShieldCheck,
  IconTag,
  IconTemplate,
  IconUser,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
  type TablerIcon,
} from '@tabler/icons-react';
import { Link, Outlet, useLocation, type LinkProps } from '@tanstack/react-router';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useSession } from '@/api/session';
import type { Feature } from '@/api/types';
import { paths } from '@/records/paths';
import { useFormat } from '@/ui/use-format';
import styles from './SettingsLayout.module.css';

interface SettingsPage {
  link: LinkProps;
  icon: TablerIcon;
  name: string;
  isOpen: boolean;
}

interface PageGroup {
  name: string;
  pages: SettingsPage[];
}

/** The pages of the settings by what they are about; those that shape the program for whom a role opens them. */
function usePages(): PageGroup[] {
  const { t } = useTranslation('settings');
  const { administer, features } = useSession().permissions;
  const tags = useObjectType('tag');
  const rates = useObjectType('currency_rate');
  const templates = useObjectType('task_template');
  const format = useFormat();
  const may = (feature: Feature): boolean => features.includes(feature);
  const groups: PageGroup[] = [
    { name: t('nav.me'), pages: [{ link: paths.profile(), icon: IconUser, name: t('nav.profile'), isOpen: true }] },
    {
      name: t('nav.base'),
      pages: [
        { link: paths.cardSettings(), icon: IconId, name: t('nav.card'), isOpen: may('fields') },
        { link: paths.fieldSettings(), icon: IconListDetails, name: t('nav.fields'), isOpen: may('fields') },
        { link: paths.tags(), icon: IconTag, name: tags === undefined ? '' : format.label(tags.labels_plural), isOpen: tags?.permissions.change === true },
        { link: paths.list('task_template'), icon: IconTemplate, name: templates === undefined ? '' : format.label(templates.labels_plural), isOpen: templates?.permissions.change === true },
      ],
    },
    {
      name: t('nav.people'),
      pages: [
        { link: paths.users(), icon: IconUsers, name: t('nav.users'), isOpen: may('users') },
        { link: paths.roles(), icon: IconShield, name: t('nav.roles'), isOpen: may('roles') },
        { link: paths.teams(), icon: IconUsersGroup, name: t('nav.teams'), isOpen: may('users') },
        { link: paths.schedules(), icon: IconCalendarTime, name: t('nav.schedules'), isOpen: may('users') },
      ],
    },
    {
      name: t('nav.installation'),
      pages: [
        { link: paths.company(), icon: IconBuilding, name: t('nav.company'), isOpen: may('company') || may('all_data') },
        { link: paths.money(), icon: IconCoins, name: t('nav.money'), isOpen: rates?.permissions.create === true },
        { link: paths.signInSettings(), icon: IconLogin2, name: t('nav.sign_in'), isOpen: administer },
        { link: paths.mail(), icon: IconMail, name: t('nav.mail'), isOpen: administer },
        { link: paths.personalData(), icon: IconShieldCheck, name: t('nav.personal_data'), isOpen: may('personal_data') },
        { link: paths.audit(), icon: IconHistory, name: t('nav.audit'), isOpen: may('audit') },
      ],
    },
    {
      name: t('nav.programs'),
      pages: [
        { link: paths.apiKeys(), icon: IconKey, name: t('nav.api_keys'), isOpen: may('api_keys') || may('users') },
        { link: paths.webhooks(), icon: IconWebhook, name: t('nav.webhooks'), isOpen: may('webhooks') },
      ],
    },
  ];
  return groups.map(({ name, pages }) => ({ name, pages: pages.filter(({ isOpen }) => isOpen) })).filter(({ pages }) => pages.length > 0);
}

/** The pages of the settings beside one another. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const groups = usePages();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  const ownId = useId();
  // On a phone the pages stand in one line that is longer than the screen.
  useEffect(() => {
    // In braces: newer browsers answer a promise, which is no way to clean up.
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <div className={styles.layout}>
      <nav ref={nav} className={styles.nav} aria-label={t('title')}>
        {groups.map(({ name, pages }, at) => (
          <div key={name} className={styles.group} role="group" aria-labelledby={`${ownId}-${at}`}>
            <p id={`${ownId}-${at}`} className={styles.groupName}>
              {name}
            </p>
            {pages.map((page) => (
              <Link key={page.name} {...page.link} className={styles.link} activeProps={{ className: styles.active }}>
                <page.icon size={16} aria-hidden="true" />
                {page.name}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
