import {
  IconChartBar,
  IconCopy,
  IconDownload,
  IconFileImport,
  IconHistory,
  IconLayoutSidebar,
  IconLogout,
  IconSettings,
  IconSun,
  IconTrash,
  IconUser,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog, useObjectType } from '@/api/catalog';
import { recordCountQuery } from '@/api/records';
import { useLogOut, useSession } from '@/api/session';
import { photoUrl } from '@/api/user-photos';
import type { ObjectType, Section } from '@/api/types';
import { CountText } from '@/records/list/CountText';
import { paths } from '@/records/paths';
import { Avatar } from '@/ui/Avatar';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { lazyPart } from '@/ui/lazy-part';
import { installPrompt } from '@/util/install-prompt';
import styles from './Rail.module.css';

const PinnedViews = lazyPart(() => import('./PinnedViews'), 'PinnedViews');

export interface RailProps {
  isFolded: boolean;
  onToggleFold: () => void;
  /** On a phone: the drawer is open, over the page. */
  isDrawerOpen: boolean;
  onCloseDrawer: () => void;
}

/** The sections of the program, from the catalog; on a phone it is the drawer. */
export function Rail({ isFolded, onToggleFold, isDrawerOpen, onCloseDrawer }: RailProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { user, installation, permissions } = useSession();
  const { object_types: types } = useCatalog();
  const groups = useObjectType('group');
  const plan = useObjectType('sales_goal');
  const documents = useObjectType('document');
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const canInstall = useSyncExternalStore(installPrompt.subscribe, installPrompt.canInstall);
  const rail = useRef<HTMLElement>(null);

  useEffect(() => {
    if (!isDrawerOpen) return;
    const opener = document.activeElement;
    rail.current?.querySelector('a')?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [isDrawerOpen]);

  return (
    <nav
      data-main-menu=""
      ref={rail}
      className={classNames(styles.rail, isFolded && styles.folded)}
      aria-label={t('sections')}
      onClick={(event) => {
        if ((event.target as HTMLElement).closest('a') !== null) onCloseDrawer();
      }}
      onKeyDown={(event) => {
        // A menu that is open above the drawer takes the key for itself.
        if (event.key === 'Escape' && isDrawerOpen && event.currentTarget.contains(event.target as Node)) onCloseDrawer();
      }}
    >
      <div className={styles.company}>
        <span className={styles.logo} aria-hidden="true">
          {[...installation.company_name][0]?.toUpperCase() ?? 'K'}
        </span>
        <span className={styles.companyName} title={installation.company_name}>
          {installation.company_name}
        </span>
        <IconButton
          size="small"
          className={styles.fold}
          label={isFolded ? t('unfold_rail') : t('fold_rail')}
          icon={<IconLayoutSidebar size={16} />}
          onClick={onToggleFold}
        />
      </div>

      <div className={styles.scroll}>
        <ul>
          {types.some((type) => type.name === 'task') && (
            <li>
              <RailLink link={paths.day()} icon={<IconSun size={16} aria-hidden="true" />} label={t('my_day')} />
            </li>
          )}
          {types.some((type) => type.calendar != null) && (
            <li>
              <RailLink link={paths.calendar()} icon={<CatalogIcon name="calendar" size={16} aria-hidden="true" />} label={t('calendar')} />
            </li>
          )}
        </ul>
        <p className={styles.heading}>{t('base')}</p>
        <ul>
          {types
            .filter((type) => !type.is_system)
            .map((type) => (
              <li key={type.name}>
                <RailLink
                  link={paths.list(type.name)}
                  icon={<CatalogIcon name={type.icon} size={16} aria-hidden="true" />}
                  label={format.label(type.labels_plural)}
                  isExactSearch
                />
                <ul className={styles.sections}>
                  {type.sections.map((section) => (
                    <SectionLink key={section.key} type={type} section={section} />
                  ))}
                </ul>
              </li>
            ))}
          {groups !== undefined && (
            <li>
              <RailLink
                link={paths.groups()}
                icon={<CatalogIcon name={groups.icon} size={16} aria-hidden="true" />}
                label={format.label(groups.labels_plural)}
              />
            </li>
          )}
          {plan?.permissions.see === true && (
            <li>
              <RailLink link={paths.salesPlan()} icon={<IconChartBar size={16} aria-hidden="true" />} label={format.label(plan.labels)} />
            </li>
          )}
          {documents !== undefined && (
            <li>
              <RailLink
                link={paths.list(documents.name)}
                icon={<CatalogIcon name={documents.icon} size={16} aria-hidden="true" />}
                label={format.label(documents.labels_plural)}
              />
            </li>
          )}
        </ul>

        {user.pinned_views.length > 0 && <PinnedViews />}

        <p className={styles.heading}>{t('management')}</p>
        <ul>
          <li>
            <RailLink link={paths.operations()} icon={<IconHistory size={16} aria-hidden="true" />} label={t('operations')} />
          </li>
          {permissions.features.includes('import') && (
            <li>
              <RailLink link={paths.imports()} icon={<IconFileImport size={16} aria-hidden="true" />} label={t('import')} />
            </li>
          )}
          {permissions.features.includes('duplicates') && (
            <li>
              <RailLink link={paths.duplicates()} icon={<IconCopy size={16} aria-hidden="true" />} label={t('duplicates')} />
            </li>
          )}
          <li>
            <RailLink link={paths.quality()} icon={<IconChartBar size={16} aria-hidden="true" />} label={t('quality')} />
          </li>
          <li>
            <RailLink link={paths.trash()} icon={<IconTrash size={16} aria-hidden="true" />} label={t('trash')} />
          </li>
        </ul>
      </div>

      <div className={styles.foot}>
        <Link
          {...paths.profile()}
          className={classNames(styles.item, pathname.startsWith('/settings') && styles.active)}
          title={isFolded ? t('settings') : undefined}
        >
          <IconSettings size={16} aria-hidden="true" />
          <span className={styles.label}>{t('settings')}</span>
        </Link>
        <Menu
          placement="top-start"
          trigger={
            <button type="button" className={styles.item} title={t('person_menu', { name: user.name })}>
              <Avatar id={user.id} title={user.name} picture={photoUrl(user.photo)} />
              <span className={styles.label}>{user.name}</span>
            </button>
          }
          items={[
            { key: 'profile', label: t('profile'), icon: <IconUser size={16} />, onSelect: () => void navigate(paths.profile()) },
            ...(canInstall ? [{ key: 'install', label: t('install'), icon: <IconDownload size={16} />, onSelect: installPrompt.install }] : []),
            { key: 'log_out', label: t('log_out'), icon: <IconLogout size={16} />, onSelect: () => logOut.mutate(), startsGroup: true },
          ]}
        />
      </div>
    </nav>
  );
}

interface RailLinkProps {
  link: ReturnType<(typeof paths)['list' | 'day' | 'calendar' | 'salesPlan' | 'groups' | 'operations' | 'imports' | 'duplicates' | 'quality' | 'trash']>;
  icon: ReactNode;
  label: string;
  isExactSearch?: boolean;
}

function RailLink({ link, icon, label, isExactSearch = false }: RailLinkProps) {
  const location = useLocation();
  const hasSection = 'section' in location.search && location.search.section !== undefined;
  return (
    <Link
      {...link}
      className={styles.item}
      activeProps={isExactSearch && hasSection ? {} : { className: classNames(styles.item, styles.active) }}
      activeOptions={{ includeSearch: false }}
      title={label}
    >
      {icon}
      <span className={styles.label}>{label}</span>
    </Link>
  );
}

function SectionLink({ type, section }: { type: ObjectType; section: Section }) {
  const format = useFormat();
  const { pathname, search } = useLocation();
  const count = useQuery({ ...recordCountQuery(type.name, { filter: section.filter }), staleTime: 60_000 });
  const { pinned_views: pinned } = useSession().user;
  // A pinned view has a line of its own.
  const isPinnedView = 'view' in search && typeof search.view === 'number' && pinned.includes(search.view);
  const isActive =
    pathname.startsWith(`/records/${type.name}`) && 'section' in search && search.section === section.key && !isPinnedView;
  const label = format.label(section.labels);
  return (
    <li>
      <Link
        {...paths.list(type.name, { section: section.key })}
        className={classNames(styles.item, styles.nested, isActive && styles.active)}
        aria-current={isActive ? 'page' : undefined}
        title={label}
      >
        <CatalogIcon name={section.icon} size={16} className={styles.sectionIcon} aria-hidden="true" />
        <span className={styles.label}>{label}</span>
        {count.data !== undefined && (
          <span className={styles.count}>
            <CountText count={count.data} />
          </span>
        )}
      </Link>
    </li>
  );
}
