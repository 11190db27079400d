import { useLayoutEffect, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { UserAvatar } from '@/fields/UserAvatar';
import type { CalendarPerson } from '@/api/calendar';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { barsOf, piecesOf } from './arrange';
import styles from './Calendar.module.css';
import { columnOf, type Draft } from './draft';
import { DraftBlock } from './DraftBlock';
import { mayStretch, type CalendarType, type Entry } from './entries';
import { EntryBlock } from './EntryBlock';
import { clockText, DAY_MINUTES, dayAt, minutesAt } from '@/util/times';
import { useDayDrag } from './use-day-drag';
import { useGridDrag, type Column } from './use-grid-drag';
import type { Moves } from './use-moves';
import { closedHours, dayName } from './work';

export interface TimeGridProps {
  columns: readonly Column[];
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

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** Where the hours begin to be seen. */
const FIRST_SEEN = 7.5 / 24;
/** The hour stands on its line, half of it above. */
const HALF_A_LABEL_PX = 10;
/** A block lower than this has one line. */
const LOW_MINUTES = 40;
/** More bars than these are reached by scrolling in their row. */
const percent = (minutes: number): string => `${(minutes / DAY_MINUTES) * 100}%`;

/** Days, or people of one day, beside one another with their hours. */
export function TimeGrid({ columns, entries, people, holidays, types, moves, now, toneOf, draft, onDraft, onOpen, onEntryKey, onDay }: TimeGridProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const { timeZone: zone, language } = format;
  const body = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const drag = useGridDrag(body, scroller, columns, moves, zone, onDraft);
  const takeBar = useDayDrag(moves, zone);
  const reader = useSession().user.id;
  const today = dayAt(now, zone);
  const drawnIn = columnOf(columns, draft, reader);
  const held = new Set(moves.held.map(({ key }) => key));
  const isByPerson = columns.some(({ person }) => person !== null);
  const of = (column: Column): readonly Entry[] => (column.person === null ? entries : entries.filter((entry) => entry.people.includes(column.person ?? 0)));
  const workOf = (column: Column) => people.find(({ user }) => user.id === (column.person ?? people[0]?.user.id))?.work ?? null;
  const bars = isByPerson
    ? columns.flatMap((column, at) => barsOf(of(column).filter(({ isAcross }) => isAcross), [column.day]).map((bar) => ({ ...bar, first: at, last: at })))
    : barsOf(entries.filter(({ isAcross }) => isAcross), columns.map(({ day }) => day));
  const lanes = Math.max(0, ...bars.map(({ lane }) => lane + 1));
  const places = { '--columns': columns.length } as CSSProperties;

  useLayoutEffect(() => {
    const area = scroller.current;
    if (area !== null && area.scrollTop === 0) area.scrollTop = area.scrollHeight * FIRST_SEEN - HALF_A_LABEL_PX;
  }, []);

  const name = (day: string, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(day));

  return (
    <div ref={scroller} className={styles.scroller} style={places} data-many={columns.length > 3 || undefined}>
      <div className={styles.gridHead}>
        <div className={styles.heads}>
          {columns.map((column) => {
            const person = people.find(({ user }) => user.id === column.person)?.user;
            const holiday = dayName(workOf(column), holidays, column.day);
            return (
              <div key={column.key} className={styles.head}>
                <button type="button" className={styles.headDay} data-today={column.day === today || undefined} aria-current={column.day === today ? 'date' : undefined} aria-label={name(column.day, { weekday: 'long', day: 'numeric', month: 'long' })} onClick={() => onDay(column.day)}>
                  <span className={styles.weekday}>{name(column.day, { weekday: 'short' })}</span>
                  <span className={styles.date}>{Number(column.day.slice(8))}</span>
                </button>
                {person !== undefined && (
                  <span className={styles.headPerson} title={person.title}>
                    <UserAvatar id={person.id} title={person.title} size="small" />
                    <span className={styles.cut}>{person.title}</span>
                  </span>
                )}
                {holiday !== null && (
                  <span className={styles.holiday} title={holiday}>
                    {holiday}
                  </span>
                )}
              </div>
            );
          })}
        </div>
        <div className={styles.across} data-empty={lanes === 0 || undefined}>
          <span className={styles.acrossName}>{t('whole_day_short')}</span>
          <div className={styles.acrossDays} role="group" aria-label={t('whole_days')} style={{ '--lanes': Math.max(lanes, 1) } as CSSProperties}>
            {columns.map((column, at) => (
              <div
                key={column.key}
                className={styles.acrossDay}
                data-day={column.day}
                style={{ gridColumn: at + 1 }}
                onClick={() => onDraft({ day: column.day, from: 0, to: DAY_MINUTES, isWholeDays: true, person: column.person, isOpen: true })}
              >
                {draft?.isWholeDays === true && column === drawnIn && <DraftBlock draft={draft} types={types} onDraft={onDraft} look="bar" />}
              </div>
            ))}
            {bars.map((bar) => (
              <EntryBlock
                key={`${bar.entry.key} ${bar.first}`}
                entry={bar.entry}
                tone={toneOf(bar.entry)}
                look="bar"
                isHeld={held.has(bar.entry.key)}
                goesOnBefore={!bar.isBegin}
                goesOnAfter={!bar.isEnd}
                style={{ gridColumn: `${bar.first + 1} / ${bar.last + 2}`, gridRow: bar.lane + 1 }}
                onOpen={onOpen}
                onKeyDown={onEntryKey}
                onPointerDown={isByPerson ? undefined : takeBar}
              />
            ))}
          </div>
        </div>
      </div>
      <div className={styles.hours}>
        <div className={styles.gutter} aria-hidden="true">
          {HOURS.slice(1).map((hour) => (
            <span key={hour} className={styles.hour} style={{ top: percent(hour * 60) }}>
              {format.clock(clockText(hour * 60))}
            </span>
          ))}
        </div>
        <div ref={body} className={styles.columns}>
          {columns.map((column) => (
            <div
              key={column.key}
              role="group"
              className={classNames(styles.column, column.day === today && styles.today)}
              data-column={column.key}
              aria-label={`${name(column.day, { weekday: 'long', day: 'numeric', month: 'long' })}${column.person === null ? '' : `, ${people.find(({ user }) => user.id === column.person)?.user.title ?? ''}`}`}
              onPointerDown={drag.takeEmpty}
              onClick={(event) => {
                if ((event.nativeEvent as globalThis.PointerEvent).pointerType === 'touch') drag.tapEmpty(event.clientX, event.clientY);
              }}
            >
              {closedHours(workOf(column), column.day, zone).map(([from, to]) => (
                <span key={from} className={styles.closed} data-closed="" style={{ top: percent(from), height: percent(to - from) }} />
              ))}
              {piecesOf(of(column), column.day, zone).map((piece) => (
                <EntryBlock
                  key={piece.entry.key}
                  entry={piece.entry}
                  tone={toneOf(piece.entry)}
                  look="block"
                  isLow={piece.bottom - piece.top < LOW_MINUTES}
                  isHeld={held.has(piece.entry.key)}
                  goesOnBefore={!piece.isBegin}
                  goesOnAfter={!piece.isEnd}
                  canStretch={piece.isEnd && mayStretch(piece.entry)}
                  style={{ top: percent(piece.top), height: percent(piece.bottom - piece.top), left: `${piece.left * 100}%`, width: `calc(${piece.width * 100}% - 2px)` }}
                  onOpen={onOpen}
                  onKeyDown={onEntryKey}
                  onPointerDown={drag.takeEntry}
                />
              ))}
              {draft !== null && !draft.isWholeDays && column === drawnIn && (
                <DraftBlock draft={draft} types={types} onDraft={onDraft} look="block" style={{ top: percent(draft.from), height: percent(draft.to - draft.from) }} />
              )}
              {column.day === today && <span className={styles.now} style={{ top: percent(minutesAt(now, zone)) }} aria-hidden="true" />}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
