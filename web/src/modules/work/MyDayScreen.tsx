import { IconChecklist } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { WORK_PARTS, workCountsQuery, workQuery, usePatchWork, type WorkItem, type WorkPart } from '@/api/work';
import { RecordPanel } from '@/records/card/RecordPanel';
import { isDone, doneField } from '@/records/done/done';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { isTyping } from '@/ui/use-shortcuts';
import { classNames } from '@/util/class-names';
import { DayRow } from './DayRow';
import { partOf, withClosed } from './parts';
import { OwnPlan } from './OwnPlan';
import { QuickTask } from './QuickTask';
import { TodayEvents } from './TodayEvents';
import { MOVES, useMove } from './use-move';
import { WorkTabs } from './WorkTabs';
import styles from './MyDay.module.css';

/** How often the parts are looked at anew: what was due in a minute is late then. */
const LOOK_MS = 30_000;

function keyOf({ record }: WorkItem): string {
  return `${record.type}-${record.id}`;
}

/** What the person has to do, of all types, in the order in which it is due. */
export function MyDayScreen() {
  const { t } = useTranslation('work');
  const errorText = useErrorText();
  const format = useFormat();
  const navigate = useNavigate();
  const { object_types: types } = useCatalog();
  const { open } = useSearch({ from: '/frame/day' });
  const query = useInfiniteQuery(workQuery);
  const counts = useQuery(workCountsQuery);
  const patch = usePatchWork();
  const move = useMove();
  const [closed, setClosed] = useState<WorkItem[]>([]);
  const [now, setNow] = useState(() => new Date());
  const list = useRef<HTMLDivElement>(null);
  const entry = useRef<HTMLInputElement>(null);
  useTitle(t('my_day'));

  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), LOOK_MS);
    return () => window.clearInterval(timer);
  }, []);

  const items = useMemo(() => withClosed(query.data?.pages.flatMap((page) => page.items) ?? [], closed), [query.data, closed]);
  const groups = useMemo(() => {
    const made = new Map<WorkPart, WorkItem[]>(WORK_PARTS.map((part) => [part, []]));
    for (const item of items) made.get(partOf(item.by, format.timeZone, now))?.push(item);
    return made;
  }, [items, format.timeZone, now]);
  const task = types.find((type) => type.name === 'task');

  function show(key: string | undefined): void {
    void navigate({ ...paths.day(key === undefined ? {} : { open: key }), replace: open !== undefined });
  }

  function changed(item: WorkItem, record: RecordItem): void {
    const type = types.find((candidate) => candidate.name === record.type);
    const field = type && doneField(type);
    const isNowDone = field !== undefined && isDone(field, record.values[field.name]);
    setClosed((before) => [...before.filter((other) => keyOf(other) !== keyOf(item)), ...(isNowDone ? [{ ...item, record }] : [])]);
    if (isNowDone) patch((listed) => listed.filter((other) => keyOf(other) !== keyOf(item)));
    else patch((listed) => listed);
  }

  function rows(): HTMLElement[] {
    return [...(list.current?.querySelectorAll<HTMLElement>('[data-work]') ?? [])];
  }

  function step(from: Element | null, by: number): void {
    const all = rows();
    const at = all.findIndex((row) => row === from || row.contains(from));
    all[at === -1 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  }

  function press(event: KeyboardEvent<HTMLElement>): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-work]');
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const item = items.find((candidate) => keyOf(candidate) === row?.dataset.work);
    const isOnRow = event.target === row;
    const moved = MOVES.find(({ code }) => code === event.code);
    if (event.code === 'KeyJ' || event.key === 'ArrowDown') step(row, 1);
    else if (event.code === 'KeyK' || event.key === 'ArrowUp') step(row, -1);
    else if (event.code === 'KeyN') entry.current?.focus();
    else if (event.key === 'Escape' && open !== undefined) show(undefined);
    else if (item === undefined || row === null) return;
    else if (isOnRow && event.key === 'Enter') show(keyOf(item));
    else if (event.code === 'KeyE' || (isOnRow && event.key === ' ')) row.querySelector<HTMLElement>('[role="checkbox"]')?.click();
    else if (moved !== undefined) move(item, moved.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const [openType, openId] = open?.split('-') ?? [];
  const shownType = types.find((type) => type.name === openType);
  const isEmpty = query.isSuccess && items.length === 0;
  const number = (part: WorkPart): string => {
    if (counts.data === undefined) return '';
    return `${format.number(counts.data.parts[part])}${counts.data.is_capped ? '+' : ''}`;
  };
  return (
    <div className={styles.screen}>
      <div className={styles.main} ref={list} onKeyDown={press} role="presentation">
        <div className={styles.tabs}>
          <WorkTabs />
        </div>
        <div className={styles.page}>
          <header className={styles.header}>
            <h1 className={styles.title}>{t('my_day')}</h1>
            <p className={styles.date}>{longDay(now, format.language, format.timeZone)}</p>
          </header>
          <OwnPlan now={now} />
          {task?.permissions.create === true && <QuickTask ref={entry} onLeave={() => step(null, 0)} />}
          {query.isPending && <Skeleton lines={8} label={t('loading')} />}
          {query.isError && query.data === undefined && <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />}
          {query.isSuccess && (
            <>
              {WORK_PARTS.map((part) => {
                const own = groups.get(part) ?? [];
                const events = part === 'today' ? <TodayEvents onOpen={(id) => show(`event-${id}`)} openKey={open} now={now} /> : null;
                if (own.length === 0 && (part !== 'today' || isEmpty)) return events === null ? null : <section key={part}>{events}</section>;
                return (
                  <section key={part} aria-label={t(`parts.${part}`)}>
                    <h2 className={classNames(styles.part, part === 'overdue' && styles.late)}>
                      {t(`parts.${part}`)} <span className={styles.count}>{number(part)}</span>
                    </h2>
                    {events}
                    {own.length > 0 && (
                      <ul className={styles.rows}>
                        {own.map((item) => (
                          <DayRow
                            key={keyOf(item)}
                            item={item}
                            part={part}
                            type={types.find((type) => type.name === item.record.type)}
                            isOpen={open === keyOf(item)}
                            onOpen={() => show(keyOf(item))}
                            onChanged={(record) => changed(item, record)}
                            onMove={(key) => move(item, key)}
                          />
                        ))}
                      </ul>
                    )}
                  </section>
                );
              })}
              {isEmpty && (
                <EmptyState
                  icon={<IconChecklist size={20} />}
                  title={t('empty')}
                  actions={task?.permissions.create === true ? <Button look="primary" onClick={() => entry.current?.focus()}>{t('add')}</Button> : undefined}
                >
                  {t('empty_hint')}
                </EmptyState>
              )}
              {query.hasNextPage && (
                <p className={styles.more}>
                  <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('more')}
                  </Button>
                </p>
              )}
              {!isEmpty && <p className={styles.keys}>{t('keys_hint')}</p>}
            </>
          )}
        </div>
      </div>
      {shownType !== undefined && openId !== undefined && (
        <RecordPanel key={open} type={shownType} id={Number(openId)} list={{}} onClose={() => show(undefined)} />
      )}
    </div>
  );
}

function longDay(now: Date, language: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(now);
}
