import { IconBookmark } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { recordCountQuery } from '@/api/records';
import { useSession } from '@/api/session';
import { CountText } from '@/records/list/CountText';
import { readView, savedViewsQuery, viewSearch, type SavedView } from '@/records/list/saved-views';
import { paths } from '@/records/paths';
import { bothFilters } from '@/util/filter-text';
import { classNames } from '@/util/class-names';
import styles from './Rail.module.css';

const COUNT_MS = 60_000;

/** The saved views that the person keeps in the menu, in the order in which he pinned them. */
export function PinnedViews() {
  const { t } = useTranslation('app');
  const { user } = useSession();
  const records = useQuery(savedViewsQuery).data ?? [];
  const views = user.pinned_views.flatMap((id) => records.filter((record) => record.id === id).map((record) => readView(record, user.id)));
  if (views.length === 0) return null;
  return (
    <>
      <p className={styles.heading}>{t('pinned')}</p>
      <ul>
        {views.map((view) => (
          <PinnedView key={view.id} view={view} />
        ))}
      </ul>
    </>
  );
}

function PinnedView({ view }: { view: SavedView }) {
  const { pathname, search } = useLocation();
  const sections = useObjectType(view.type)?.sections ?? [];
  const section = sections.find((candidate) => candidate.key === view.search.section);
  const query = { filter: bothFilters(section?.filter, view.search.filter), search: view.search.q };
  // Once a minute, and not with every change: a condition of any cost may be pinned.
  const count = useQuery({ ...recordCountQuery(view.type, query), queryKey: ['pinned', view.type, query], staleTime: COUNT_MS, refetchInterval: COUNT_MS });
  const isActive = pathname.startsWith(`/records/${view.type}`) && 'view' in search && search.view === view.id;
  return (
    <li>
      <Link
        {...paths.list(view.type, viewSearch(view))}
        className={classNames(styles.item, isActive && styles.active)}
        aria-current={isActive ? 'page' : undefined}
        title={view.name}
      >
        <IconBookmark size={16} aria-hidden="true" />
        <span className={styles.label}>{view.name}</span>
        {count.data !== undefined && (
          <span className={styles.count}>
            <CountText count={count.data} />
          </span>
        )}
      </Link>
    </li>
  );
}
