import { IconChevronLeft, IconChevronRight, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { LOAD_COUNTS, workloadQuery } from '@/api/workload';
import { dayAhead } from '@/fields/date_time/quick-days';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { useDebounced } from '@/ui/use-debounced';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { addDays } from '@/util/calendar';
import { instantOf, isDay } from '@/util/read-format';
import { nextMonday } from './parts';
import { PersonRow } from './PersonRow';
import { useHandOver } from './use-hand-over';
import { WorkTabs } from './WorkTabs';
import styles from './Workload.module.css';

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

/** How much each person has to do, and how full his week is. */
export function WorkloadScreen() {
  const { t } = useTranslation('work');
  const format = useFormat();
  const { language, timeZone: zone } = format;
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { week, mine } = useSearch({ from: '/frame/day/workload' });
  const [typed, setTyped] = useState('');
  const [openUser, setOpenUser] = useState<number | null>(null);
  const search = useDebounced(typed.trim(), 250);
  const handOver = useHandOver();
  const now = useMemo(() => new Date(), []);
  const thisMonday = addDays(nextMonday(zone, now), -7);
  const monday = week !== undefined && isDay(week) ? week : thisMonday;
  const today = dayAhead(0, zone, now);
  const query = useInfiniteQuery({ ...workloadQuery({ from: instantOf(monday, '12:00', zone), isMine: mine === true, search }), placeholderData: keepPreviousData });
  const people = query.data?.pages.flatMap((page) => page.items) ?? [];
  const hasPeople = query.data?.pages[0]?.has_people === true;
  useTitle(t('load.title'));

  function show(next: { week?: string; mine?: boolean }): void {
    void navigate({ ...paths.workload({ week, mine, ...next }), replace: true });
  }
  const turn = (weeks: number): void => {
    const next = addDays(monday, weeks * 7);
    show({ week: next === thisMonday ? undefined : next });
  };
  const days = DAYS.map((at) => addDays(monday, at));
  const weekday = (day: string): string => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(day));

  return (
    <div className={styles.screen}>
      <WorkTabs />
      <header className={styles.tools}>
        <h1 className={styles.hidden}>{t('load.title')}</h1>
        <TextInput type="search" className={styles.search} aria-label={t('load.find')} placeholder={t('load.find')} value={typed} onChange={(event) => setTyped(event.target.value)} />
        {hasPeople && (
          <SegmentedChoice
            label={t('load.whose')}
            value={mine === true ? 'mine' : 'all'}
            options={(['all', 'mine'] as const).map((value) => ({ value, label: t(`load.${value}`) }))}
            onChange={(value) => show({ mine: value === 'mine' ? true : undefined })}
          />
        )}
        <span className={styles.weeks}>
          <IconButton size="small" label={t('load.before')} icon={<IconChevronLeft size={16} />} onClick={() => turn(-1)} />
          <span className={styles.week} aria-live="polite">
            {new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).formatRange(new Date(monday), new Date(days.at(-1) ?? monday))}
          </span>
          <IconButton size="small" label={t('load.after')} icon={<IconChevronRight size={16} />} onClick={() => turn(1)} />
          {monday !== thisMonday && (
            <Button size="small" onClick={() => show({ week: undefined })}>
              {t('load.this_week')}
            </Button>
          )}
        </span>
      </header>
      {query.isPending && <Skeleton lines={10} label={t('loading')} />}
      {query.isError && query.data === undefined && <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />}
      {query.isSuccess && people.length === 0 && <EmptyState icon={<IconUsers size={20} />} title={t('load.nobody')} />}
      {people.length > 0 && (
        <div className={styles.frame} role="region" aria-label={t('load.title')} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col" className={styles.who}>
                  {t('load.person')}
                </th>
                {LOAD_COUNTS.map((count) => (
                  <th key={count} scope="col" className={styles.numberHead}>
                    {t(`load.counts.${count}`)}
                  </th>
                ))}
                {days.map((day) => (
                  <th key={day} scope="col" className={styles.dayHead} data-today={day === today || undefined}>
                    <span className={styles.weekday}>{weekday(day)}</span> {Number(day.slice(8))}
                  </th>
                ))}
              </tr>
            </thead>
            {people.map((person) => (
              <PersonRow
                key={person.user.id}
                load={person}
                now={now}
                today={today}
                isOpen={openUser === person.user.id}
                onToggle={() => setOpenUser(openUser === person.user.id ? null : person.user.id)}
                onHandOver={handOver}
              />
            ))}
          </table>
          {query.hasNextPage && (
            <p className={styles.more}>
              <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('more')}
              </Button>
            </p>
          )}
        </div>
      )}
      <p className={styles.legend}>{t('load.legend')}</p>
    </div>
  );
}
