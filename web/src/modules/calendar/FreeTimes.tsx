import { IconClockSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { freeTimesQuery, type FreePerson, type Stretch } from '@/api/free-times';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import { addDays } from '@/util/calendar';
import { allOnDay, placeIn, windowOf, type Minutes } from './free-strip';
import styles from './FreeTimes.module.css';
import { clockText, momentOf } from '@/util/times';

/** So many days ahead gaps are looked for. */
const DAYS_AHEAD = 14;

export interface FreeTimesProps {
  users: readonly number[];
  day: string;
  /** What is chosen on that day, in minutes of the wall clock. */
  chosen: Minutes;
  except?: string;
  /** Takes a gap; without it nothing is proposed. */
  onChoose?: ((gap: Stretch) => void) | undefined;
}

/** When each of some people works on a day and what of it is taken, and the next gaps that all have in common. */
export function FreeTimes({ users, day, chosen, except, onChoose }: FreeTimesProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const { timeZone: zone, language } = format;
  const errorText = useErrorText();
  const [isSearching, setIsSearching] = useState(false);
  const text = (one: string): string => new Date(momentOf(one, 0, zone)).toISOString();
  const minutes = Math.max(15, chosen[1] - chosen[0]);
  const query = useQuery({
    ...freeTimesQuery({ users, from: text(day), to: text(addDays(day, DAYS_AHEAD)), minutes, except }),
    placeholderData: (before) => before,
  });
  const people = query.data?.people ?? [];
  const shown = windowOf([chosen, ...people.flatMap(({ hours }) => allOnDay(hours, day, zone))]);
  const holiday = query.data?.holidays.find(({ date }) => date === day);
  const hours = Array.from({ length: (shown[1] - shown[0]) / 60 + 1 }, (_, at) => shown[0] + at * 60).filter((at) => (at / 60) % 3 === 0);
  const gapText = (gap: Stretch): string =>
    `${new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone }).format(new Date(gap.from))}, ${format.time(gap.from)} – ${format.time(gap.to)}`;
  if (query.isError && query.data === undefined) return <p className={styles.note}>{errorText(query.error)}</p>;
  return (
    <div className={styles.free}>
      {holiday !== undefined && <p className={styles.note}>{holiday.name}</p>}
      <ul className={styles.people} aria-label={t('free.title')}>
        {people.map((person) => (
          <Strip key={person.user.id} person={person} day={day} shown={shown} chosen={chosen} />
        ))}
      </ul>
      <div className={styles.scale} aria-hidden="true">
        {hours.map((at) => (
          <span key={at} style={{ left: placeIn([shown[0], at], shown)?.width ?? '0%' }}>
            {at / 60}
          </span>
        ))}
      </div>
      {onChoose !== undefined && !isSearching && (
        <Button size="small" icon={<IconClockSearch size={16} />} onClick={() => setIsSearching(true)}>
          {t('free.find')}
        </Button>
      )}
      {onChoose !== undefined && isSearching && query.data !== undefined && (
        query.data.gaps.length === 0 ? (
          <p className={styles.note}>{t('free.none', { count: DAYS_AHEAD })}</p>
        ) : (
          <ul className={styles.gaps} aria-label={t('free.gaps')}>
            {query.data.gaps.map((gap) => (
              <li key={gap.from}>
                <button type="button" className={styles.gap} onClick={() => onChoose(gap)}>
                  {gapText(gap)}
                </button>
              </li>
            ))}
          </ul>
        )
      )}
    </div>
  );
}

interface StripProps {
  person: FreePerson;
  day: string;
  shown: Minutes;
  chosen: Minutes;
}

/** The day of one person: his hours light, what is taken hatched, what is chosen framed. */
function Strip({ person, day, shown, chosen }: StripProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const zone = format.timeZone;
  const name = person.user.title ?? '—';
  const [hours, busy] = [allOnDay(person.hours, day, zone), allOnDay(person.busy, day, zone)];
  const collides = busy.some(([from, to]) => from < chosen[1] && to > chosen[0]);
  const clocks = busy.map(([from, to]) => `${format.clock(clockText(from))}–${format.clock(clockText(to % 1440))}`).join(', ');
  const words = hours.length === 0 ? t('free.off') : clocks === '' ? t('free.all_free') : t('free.busy', { times: clocks });
  const part = (minutes: Minutes, key: string, className: string | undefined) => {
    const place = placeIn(minutes, shown);
    return place === null ? null : <span key={key} className={className} style={place as CSSProperties} />;
  };
  return (
    <li className={styles.person} title={`${name}: ${words}`}>
      <span className={styles.who}>
        <UserAvatar id={person.user.id} title={name} size="small" />
        <span className={styles.name}>{name}</span>
      </span>
      <span className={styles.hiddenText}>{words}</span>
      <span className={styles.strip} data-collides={collides || undefined} aria-hidden="true">
        {hours.map((minutes) => part(minutes, `h${minutes[0]}`, styles.hours))}
        {busy.map((minutes) => part(minutes, `b${minutes[0]}`, styles.busy))}
        {part(chosen, 'chosen', styles.chosen)}
      </span>
    </li>
  );
}
