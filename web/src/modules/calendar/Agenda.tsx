import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CalendarPerson } from '@/api/calendar';
import { UserAvatar } from '@/fields/UserAvatar';
import { DoneTick } from '@/records/done/DoneTick';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/use-format';
import styles from './Agenda.module.css';
import type { Entry } from './entries';
import { dayAt } from '@/util/times';
import { useEntryWords } from './use-entry-words';
import { dayName } from './work';

export interface AgendaProps {
  days: readonly string[];
  entries: readonly Entry[];
  people: readonly CalendarPerson[];
  holidays: readonly { date: string; name: string }[];
  now: number;
  toneOf: (entry: Entry) => string;
  onOpen: (entry: Entry) => void;
  onEntryKey: (event: KeyboardEvent, entry: Entry) => void;
}

function byTime(a: Entry, b: Entry): number {
  return Number(b.isAcross) - Number(a.isAcross) || a.start - b.start;
}

/** Day after day what stands on it; days without anything are left out, but for today. */
export function Agenda({ days, entries, people, holidays, now, toneOf, onOpen, onEntryKey }: AgendaProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const words = useEntryWords();
  const today = dayAt(now, format.timeZone);
  const shown = days
    .map((day) => ({ day, own: entries.filter((entry) => entry.firstDay <= day && day <= entry.lastDay).sort(byTime) }))
    .filter(({ day, own }) => own.length > 0 || day === today);
  if (entries.length === 0) return <EmptyState title={t('nothing')}>{t('nothing_hint')}</EmptyState>;
  return (
    <div className={styles.agenda}>
      {shown.map(({ day, own }) => {
        const holiday = dayName(people[0]?.work ?? null, holidays, day);
        return (
          <section key={day} className={styles.day} aria-label={words.day(day)}>
            <h2 className={styles.heading} data-today={day === today || undefined}>
              {words.day(day)}
              {day === today && <span className={styles.note}>{t('today')}</span>}
              {holiday !== null && <span className={styles.note}>{holiday}</span>}
            </h2>
            {own.length === 0 && <p className={styles.nothing}>{t('nothing_today')}</p>}
            <ul className={styles.list}>
              {own.map((entry) => (
                <li key={entry.key} className={styles.item} data-tone={toneOf(entry)} data-done={entry.isDone || undefined}>
                  <DoneTick type={entry.type} record={entry.record} />
                  <button type="button" className={styles.open} data-entry={entry.key} onClick={() => onOpen(entry)} onKeyDown={(event) => onEntryKey(event, entry)}>
                    <span className={styles.time}>{entry.isAcross ? (entry.isWholeDays ? t('whole_day') : t('goes_on')) : words.time(entry)}</span>
                    <span className={styles.bar} aria-hidden="true" />
                    <span className={styles.name}>
                      {entry.record.title}
                      {entry.place !== '' && <span className={styles.place}>{entry.place}</span>}
                    </span>
                    {entry.isLate && <span className={styles.late}>{t('late')}</span>}
                  </button>
                  {people.length > 1 && (
                    <span className={styles.faces}>
                      {people
                        .filter(({ user }) => entry.people.includes(user.id))
                        .map(({ user }) => (
                          <UserAvatar key={user.id} id={user.id} title={user.title} size="small" />
                        ))}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
