import { IconDownload, IconSettings } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditFileUrl, auditQuery, type AuditEvent } from '@/api/audit';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { useDebounced } from '@/ui/use-debounced';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { AuditDetails } from './AuditDetails';
import { AuditFilters, filterOf, NO_CHOICE, type AuditChoice } from './AuditFilters';
import { AuditRow } from './AuditRow';
import styles from './AuditScreen.module.css';
import { AuditSettingsDialog } from './AuditSettingsDialog';

const ROW = 36;
const NARROW_ROW = 64;
/** The next page is asked for so many events before the end comes into sight. */
const LOAD_AHEAD = 30;

/** Who did what, when and from where; for administrators. */
export function AuditScreen() {
  const { t } = useTranslation('audit');
  const mayLook = useMay('audit');
  if (!mayLook) return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  return <AuditLog />;
}

function AuditLog() {
  const { t } = useTranslation('audit');
  const { timeZone } = useFormat();
  const errorText = useErrorText();
  const [choice, setChoice] = useState<AuditChoice>(NO_CHOICE);
  const [shown, setShown] = useState<AuditEvent | null>(null);
  const [areSettingsOpen, setAreSettingsOpen] = useState(false);
  const filter = filterOf(useDebounced(choice, 250), timeZone);
  const list = useInfiniteQuery({ ...auditQuery(filter), placeholderData: keepPreviousData });
  const events = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      isInner
      title={t('title')}
      intro={t('intro')}
      aside={
        <div className={styles.buttons}>
          <Button icon={<IconSettings size={16} />} onClick={() => setAreSettingsOpen(true)}>
            {t('settings')}
          </Button>
          <a className={styles.download} href={auditFileUrl(filter)} download>
            <IconDownload size={16} aria-hidden="true" />
            {t('download')}
          </a>
        </div>
      }
    >
      <AuditFilters choice={choice} onChange={setChoice} />
      {list.isPending && <Skeleton lines={8} label={t('loading')} />}
      {list.isError && events.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && events.length === 0 && !list.hasNextPage && <EmptyState title={t('empty')}>{t('empty_text')}</EmptyState>}
      {list.data !== undefined && (events.length > 0 || list.hasNextPage) && (
        <EventList
          events={events}
          shown={shown}
          lookedBackTo={filter.text === undefined ? null : (list.data.pages.at(-1)?.looked_back_to ?? null)}
          hasMore={list.hasNextPage}
          isLoading={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          onShow={setShown}
        />
      )}
      {shown !== null && <AuditDetails event={shown} onClose={() => setShown(null)} />}
      {areSettingsOpen && <AuditSettingsDialog onClose={() => setAreSettingsOpen(false)} />}
    </Page>
  );
}

interface EventListProps {
  events: readonly AuditEvent[];
  shown: AuditEvent | null;
  /** How far back a search by words has looked. */
  lookedBackTo: string | null;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
  onShow: (event: AuditEvent) => void;
}

/** Only the lines in sight exist. */
function EventList({ events, shown, lookedBackTo, hasMore, isLoading, onMore, onShow }: EventListProps) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const isNarrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? NARROW_ROW : ROW),
    overscan: 10,
  });
  // The height of a line is another one on a phone.
  useEffect(() => virtualizer.measure(), [virtualizer, isNarrow]);
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  // A search goes on by itself only while it finds enough to fill the screen.
  const isNear = events.length > 0 && last >= events.length - LOAD_AHEAD;
  const goesOn = hasMore && !isLoading && isNear && lookedBackTo === null;
  useEffect(() => {
    if (goesOn) onMore();
  }, [goesOn, onMore]);
  return (
    <div className={styles.log}>
      <div className={styles.head} aria-hidden="true">
        <span>{t('when')}</span>
        <span>{t('who')}</span>
        <span>{t('what')}</span>
        <span>{t('address')}</span>
      </div>
      <div ref={scroller} className={styles.scroller} role="region" aria-label={t('title')} tabIndex={0}>
        <ul className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row) => {
            const event = events[row.index];
            if (event === undefined) return null;
            return (
              <li key={event.id} className={styles.place} style={{ height: row.size, transform: `translateY(${row.start}px)` }}>
                <AuditRow event={event} isShown={event.id === shown?.id} onShow={() => onShow(event)} />
              </li>
            );
          })}
        </ul>
        <div className={styles.end}>
          {lookedBackTo !== null && hasMore && (
            <>
              <span>{t('looked_back', { when: format.instant(lookedBackTo) })}</span>
              <Button size="small" isBusy={isLoading} onClick={onMore}>
                {t('look_further')}
              </Button>
            </>
          )}
          {!hasMore && <span>{t('end')}</span>}
        </div>
      </div>
    </div>
  );
}
