import { IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { DateInput } from '@/fields/date/DateInput';
import { RecordPanel } from '@/records/card/RecordPanel';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { useShortcuts } from '@/ui/use-shortcuts';
import { useTitle } from '@/ui/use-title';
import { isDay } from '@/util/read-format';
import { Agenda } from './Agenda';
import styles from './Calendar.module.css';
import { DraftBlock } from './DraftBlock';
import { nextHour, type Draft } from './draft';
import { readKey, withHeld, type Entry } from './entries';
import { MonthGrid } from './MonthGrid';
import { daysOf, readUsers, step } from './place';
import { VIEWS, type CalendarSearch, type View } from './search';
import { keepSettings, MOST_PEOPLE, readSettings, toneOfPerson, type Settings } from './settings';
import { Side } from './Side';
import { TimeGrid } from './TimeGrid';
import { dayAt, minutesAt } from '@/util/times';
import { useEntryKeys } from './use-entry-keys';
import { useEntries } from './use-entries';
import type { Column } from './use-grid-drag';
import { useMoves } from './use-moves';
import { useNow } from '@/ui/use-now';

/** A phone is too narrow for more than a day. */
const NARROW_VIEWS: readonly View[] = ['day', 'agenda'];

/** Days, weeks and months of one person or several. */
export function CalendarScreen() {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const { timeZone: zone, weekStart, language } = format;
  const errorText = useErrorText();
  const navigate = useNavigate();
  const { user } = useSession();
  const search = useSearch({ from: '/frame/calendar' });
  const isNarrow = useNarrow();
  const now = useNow();
  const moves = useMoves();
  const [settings, setSettings] = useState(() => readSettings(user.id));
  const [draft, setDraft] = useState<Draft | null>(null);
  const today = dayAt(now, zone);
  const day = search.day ?? today;
  const chosenUsers = readUsers(search.users).slice(0, MOST_PEOPLE);
  const users = chosenUsers.length > 0 ? chosenUsers : settings.users;
  const wanted = search.view ?? settings.view;
  const view = isNarrow && !NARROW_VIEWS.includes(wanted) ? (wanted === 'month' ? 'agenda' : 'day') : wanted;
  const days = useMemo(() => daysOf(view, day, weekStart), [view, day, weekStart]);
  const { types, entries: found, people, holidays, isCapped, isPending, error, retry } = useEntries(days, users, settings.hidden, settings.isOpenOnly, now);
  const entries = useMemo(() => withHeld(found, moves.held, zone), [found, moves.held, zone]);
  const open = readKey(search.open ?? '');
  const openType = types.find(({ type }) => type.name === open?.type)?.type;

  useTitle(t('title'));
  useEffect(() => keepSettings(user.id, settings), [user.id, settings]);

  function change(next: Partial<CalendarSearch>, replaces = false): void {
    void navigate({ ...paths.calendar({ ...search, ...next }), replace: replaces });
  }
  function show(next: View): void {
    setDraft(null);
    setSettings({ ...settings, view: next });
    change({ view: next });
  }
  function goTo(next: string): void {
    setDraft(null);
    change({ day: next === today ? undefined : next });
  }
  function chooseUsers(next: readonly number[]): void {
    setSettings({ ...settings, users: next });
    change({ users: next.length === 1 && next[0] === user.id ? undefined : next.join('.') }, true);
  }
  function showDay(next: string): void {
    setDraft(null);
    change({ view: 'day', day: next === today ? undefined : next });
  }
  const openEntry = (entry: Entry): void => change({ open: entry.key }, open !== null);
  const onEntryKey = useEntryKeys(moves, zone);
  const begin = (): void => setDraft(nextHour(days.includes(today) ? (view === 'day' ? day : today) : day, today, minutesAt(now, zone)));

  useShortcuts({
    ArrowLeft: () => goTo(step(view, day, -1)),
    ArrowRight: () => goTo(step(view, day, 1)),
    KeyT: () => goTo(today),
    KeyD: () => show('day'),
    KeyW: () => show('week'),
    KeyM: () => show('month'),
    KeyA: () => show('agenda'),
    KeyN: begin,
  });

  const columns = useMemo<Column[]>(() => {
    const isByPerson = view === 'day' && users.length > 1 && !isNarrow;
    if (isByPerson) return users.map((person) => ({ key: `${day} ${person}`, day, person }));
    return days.map((one) => ({ key: one, day: one, person: null }));
  }, [view, users, day, days, isNarrow]);
  const isColouredByPerson = users.length > 1 && columns.every(({ person }) => person === null);
  function toneOf(entry: Entry): string {
    const whose = entry.people.find((id) => users.includes(id));
    if (isColouredByPerson && whose !== undefined) return toneOfPerson(users, whose);
    return entry.color ?? 'blue';
  }

  const shared = { entries, people, holidays, types, moves, now, toneOf, draft, onDraft: setDraft, onOpen: openEntry, onEntryKey, onDay: showDay };
  const heading = headingOf(view, days, day, language);
  const views = isNarrow ? NARROW_VIEWS : VIEWS;
  const createButton = (
    <Button look="primary" size="small" icon={<IconPlus size={16} />} title={t('create_hint')} onClick={begin}>
      {t('create')}
    </Button>
  );

  return (
    <div className={styles.screen}>
      {!isNarrow && open === null && (
        <Side day={day} today={today} onDay={goTo} users={users} onUsers={chooseUsers} types={types} settings={settings} onSettings={(next: Settings) => setSettings(next)} />
      )}
      <div className={styles.main}>
        <header className={styles.tools}>
          <Button size="small" title={t('today_hint')} onClick={() => goTo(today)}>
            {t('today')}
          </Button>
          <IconButton size="small" label={t('before')} icon={<IconChevronLeft size={16} />} onClick={() => goTo(step(view, day, -1))} />
          <IconButton size="small" label={t('after')} icon={<IconChevronRight size={16} />} onClick={() => goTo(step(view, day, 1))} />
          {isNarrow ? (
            <>
              <h1 className={styles.hiddenHeading}>{heading}</h1>
              <DateInput className={styles.jump} label={t('day')} value={day} onChange={(next) => next !== null && isDay(next) && goTo(next)} />
            </>
          ) : (
            <h1 className={styles.heading} aria-live="polite">
              {heading}
            </h1>
          )}
          {isNarrow && <span className={styles.lineBreak} />}
          <SegmentedChoice label={t('view')} value={view} options={views.map((value) => ({ value, label: t(`views.${value}`), hint: t(`view_hints.${value}`) }))} onChange={show} className={styles.views} />
          {createButton}
        </header>
        {isCapped && <Banner tone="warning">{t('capped')}</Banner>}
        {error !== null && entries.length === 0 ? (
          <ErrorState message={errorText(error)} onRetry={retry} />
        ) : isPending && entries.length === 0 && view === 'agenda' ? (
          <Skeleton lines={10} label={t('title')} />
        ) : view === 'month' ? (
          <MonthGrid {...shared} days={days} day={day} />
        ) : view === 'agenda' ? (
          <div className={styles.scroller}>
            {draft !== null && <DraftBlock draft={draft} types={types} onDraft={setDraft} look="bar" />}
            <Agenda {...shared} days={days} />
          </div>
        ) : (
          <TimeGrid key={view} {...shared} columns={columns} />
        )}
      </div>
      {open !== null && openType !== undefined && <RecordPanel key={search.open} type={openType} id={open.id} list={{}} onClose={() => change({ open: undefined })} />}
    </div>
  );
}

/** `23–29 ноября 2026 г.` */
function headingOf(view: View, days: readonly string[], day: string, language: string): string {
  const at = (one: string): Date => new Date(one);
  const first = at(days[0] ?? day);
  const last = at(days.at(-1) ?? day);
  const text =
    view === 'month'
      ? new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at(day))
      : view === 'day'
        ? new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first)
        : new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).formatRange(first, last);
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}
