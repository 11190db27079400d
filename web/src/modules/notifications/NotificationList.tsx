import {
  IconAlertTriangle,
  IconAt,
  IconBell,
  IconCalendarEvent,
  IconCircleCheck,
  IconEye,
  IconFileExport,
  IconFileImport,
  IconHeartHandshake,
  IconNote,
  IconPencil,
  IconRotate,
  IconShield,
  IconUserCheck,
  IconUsersPlus,
  type Icon,
} from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { notificationsQuery, useMarkRead, type Notification } from '@/api/notifications';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { byDay, linkOf, namesOf } from './notification-words';
import styles from './Notifications.module.css';

/** A kind that is not here has the bell. */
const ICONS: Readonly<Record<string, Icon>> = {
  access_to_read: IconEye,
  access_to_change: IconPencil,
  made_responsible: IconUserCheck,
  made_participant: IconUsersPlus,
  mentioned: IconAt,
  followed_note: IconNote,
  followed_change: IconPencil,
  reacted: IconHeartHandshake,
  task_due: IconBell,
  event_soon: IconCalendarEvent,
  task_overdue: IconAlertTriangle,
  task_closed: IconCircleCheck,
  task_reopened: IconRotate,
  rights_changed: IconShield,
  import_finished: IconFileImport,
  export_finished: IconFileExport,
};

/** Which key goes where among the rows. */
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 };

export interface NotificationListProps {
  onFollow?: () => void;
  /** The first row gets the focus as soon as it is there. */
  isFocused?: boolean;
}

/** The notifications by day, the newest first; arrows or J and K walk them, Enter opens. */
export function NotificationList({ onFollow, isFocused = false }: NotificationListProps) {
  const { t } = useTranslation('notifications');
  const format = useFormat();
  const errorText = useErrorText();
  const rows = useRef<HTMLDivElement>(null);
  const query = useInfiniteQuery(notificationsQuery(false));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isThere = items.length > 0;

  useEffect(() => {
    if (isFocused && isThere) rows.current?.querySelector<HTMLElement>('[data-notification]')?.focus();
  }, [isFocused, isThere]);

  function walk(event: KeyboardEvent): void {
    const step = STEPS[event.code];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('[data-notification]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
    event.preventDefault();
  }

  if (query.isPending) {
    return (
      <div className={styles.waiting}>
        <Skeleton lines={4} label={t('loading')} />
      </div>
    );
  }
  if (query.isError && !isThere) return <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />;
  if (!isThere) {
    return (
      <EmptyState icon={<IconBell size={20} />} title={t('none')}>
        {t('none_text')}
      </EmptyState>
    );
  }
  return (
    <div ref={rows} onKeyDown={walk}>
      {byDay(items, format.timeZone).map(({ day, items: ofDay }) => (
        <section key={day} aria-label={format.day(day)}>
          <h3 className={styles.day}>{format.day(day)}</h3>
          <ul>
            {ofDay.map((item) => (
              <Row key={item.id} item={item} onFollow={onFollow} />
            ))}
          </ul>
        </section>
      ))}
      {query.hasNextPage && (
        <div className={styles.more}>
          <Button size="small" isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('show_more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ item, onFollow }: { item: Notification; onFollow?: (() => void) | undefined }) {
  const { t } = useTranslation('notifications');
  const format = useFormat();
  const mark = useMarkRead();
  const isNew = item.read_at === null;
  const names = namesOf(item);
  const KindIcon = ICONS[item.kind] ?? IconBell;
  return (
    <li>
      <Link
        {...linkOf(item)}
        className={styles.row}
        data-notification=""
        data-new={isNew || undefined}
        onClick={() => {
          if (isNew) mark.mutate({ ids: [item.id] });
          onFollow?.();
        }}
      >
        <span className={styles.icon}>
          <KindIcon size={16} aria-hidden="true" />
        </span>
        <span className={styles.words}>
          <span className={styles.text}>
            {item.actor !== null && <UserAvatar id={item.actor.id} title={item.actor.title ?? ''} size="tiny" />} {item.text}
          </span>
          {names !== '' && <span className={styles.names}>{names}</span>}
        </span>
        <time className={styles.time} dateTime={item.created_at}>
          {format.time(item.created_at)}
        </time>
        {isNew && <span className={styles.dot} role="img" aria-label={t('new')} />}
      </Link>
    </li>
  );
}
