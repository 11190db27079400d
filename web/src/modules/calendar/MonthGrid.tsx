import { useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarPerson } from '@/api/calendar';
import { useFormat } from '@/ui/use-format';
import { barsOf } from './arrange';
import styles from './Calendar.module.css';
import type { Draft } from './draft';
import { DraftBlock } from './DraftBlock';
import type { CalendarType, Entry } from './entries';
import { EntryBlock } from './EntryBlock';
import { DAY_MINUTES, dayAt } from '@/util/times';
import { useDayDrag } from './use-day-drag';
import type { Moves } from './use-moves';
import { closedHours, dayName } from './work';

export interface MonthGridProps {
  days: readonly string[];
  /** Any day of the month that is meant. */
  day: string;
  entries: readonly Entry[];
  people: readonly CalendarPerson[];
  holidays: readonly { date: string; name: string }[];
  types: readonly CalendarType[];
  moves: Moves;
  now: number;
  toneOf: (entry: Entry) => string;
  draft: Draft | null;
  onDraft: (draft: Draft | null) => void;
  onOpen: (entry: Entry) => void;
  onEntryKey: (event: KeyboardEvent, entry: Entry) => void;
  onDay: (day: string) => void;
}

/** Pixels of the line with the number of the day, and of each line of an entry. */
const HEAD = 30;
const LINE = 24;

/** The weeks of a month, as many lines in each as there is room for. */
export function MonthGrid({ days, day, entries, people, holidays, types, moves, now, toneOf, draft, onDraft, onOpen, onEntryKey, onDay }: MonthGridProps) {
  const { t } = useTranslation('calendar');
  const { timeZone: zone, language } = useFormat();
  const frame = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState(3);
  const take = useDayDrag(moves, zone);
  const today = dayAt(now, zone);
  const held = new Set(moves.held.map(({ key }) => key));
  const weeks = Array.from({ length: days.length / 7 }, (_, at) => days.slice(at * 7, at * 7 + 7));
  const work = people[0]?.work ?? null;

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = (): void => setLines(Math.max(1, Math.floor((element.clientHeight / weeks.length - HEAD) / LINE) - 1));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [weeks.length]);

  const name = (date: string, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(date));

  return (
    <div className={styles.month}>
      <div className={styles.monthHead} aria-hidden="true">
        {weeks[0]?.map((date) => (
          <span key={date} className={styles.weekday}>
            {name(date, { weekday: 'short' })}
          </span>
        ))}
      </div>
      <div ref={frame} className={styles.weeks}>
        {weeks.map((week) => {
          const bars = barsOf(entries, week);
          return (
            <div key={week[0]} className={styles.week}>
              {week.map((date, at) => {
                const hidden = bars.filter((bar) => bar.lane >= lines && bar.first <= at && at <= bar.last).length;
                const holiday = dayName(work, holidays, date);
                const closed = closedHours(work, date, zone)[0];
                return (
                  <div
                    key={date}
                    role="group"
                    aria-label={name(date, { weekday: 'long', day: 'numeric', month: 'long' })}
                    className={styles.cell}
                    style={{ gridColumn: at + 1 }}
                    data-day={date}
                    data-other={date.slice(0, 7) !== day.slice(0, 7) || undefined}
                    data-off={(closed !== undefined && closed[1] - closed[0] === DAY_MINUTES) || undefined}
                    onClick={() => onDraft({ day: date, from: 0, to: DAY_MINUTES, isWholeDays: true, person: null, isOpen: true })}
                  >
                    <span className={styles.cellHead}>
                      <button
                        type="button"
                        className={styles.cellDay}
                        data-today={date === today || undefined}
                        aria-current={date === today ? 'date' : undefined}
                        aria-label={name(date, { weekday: 'long', day: 'numeric', month: 'long' })}
                        onClick={(event) => {
                          event.stopPropagation();
                          onDay(date);
                        }}
                      >
                        {Number(date.slice(8))}
                      </button>
                      {holiday !== null && (
                        <span className={styles.holiday} title={holiday}>
                          {holiday}
                        </span>
                      )}
                    </span>
                    {draft?.day === date && <DraftBlock draft={draft} types={types} onDraft={onDraft} look="bar" />}
                    {hidden > 0 && (
                      <button
                        type="button"
                        className={styles.more}
                        onClick={(event) => {
                          event.stopPropagation();
                          onDay(date);
                        }}
                      >
                        {t('more', { count: hidden })}
                      </button>
                    )}
                  </div>
                );
              })}
              {bars
                .filter(({ lane }) => lane < lines)
                .map((bar) => (
                  <EntryBlock
                    key={`${bar.entry.key} ${week[0] ?? ''}`}
                    entry={bar.entry}
                    tone={toneOf(bar.entry)}
                    look={bar.entry.isAcross ? 'bar' : 'line'}
                    isHeld={held.has(bar.entry.key)}
                    goesOnBefore={!bar.isBegin}
                    goesOnAfter={!bar.isEnd}
                    style={{ gridColumn: `${bar.first + 1} / ${bar.last + 2}`, '--lane': bar.lane } as CSSProperties}
                    onOpen={onOpen}
                    onKeyDown={onEntryKey}
                    onPointerDown={take}
                  />
                ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
