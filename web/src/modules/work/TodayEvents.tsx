import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { recordPageQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { dayAhead } from '@/fields/date_time/quick-days';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { useFormat, type Format } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { instantOf } from '@/util/read-format';
import styles from './MyDay.module.css';

const MOST = 50;

/** The events of today in which the person takes part, in the order in which they begin. */
export function TodayEvents({ now, openKey, onOpen }: { now: Date; openKey: string | undefined; onOpen: (id: number) => void }) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const type = useObjectType('event');
  const [from, to] = [0, 1].map((days) => instantOf(dayAhead(days, format.timeZone, now), '00:00', format.timeZone));
  const query = useQuery({
    ...recordPageQuery(
      'event',
      {
        filter: `status.meaning = open and (responsible = me or colleagues has me) and starts_at < ${to} and (starts_at >= ${from} or ends_at > ${from})`,
        sort: 'starts_at',
        fields: 'title,starts_at,ends_at,is_all_day,place',
      },
      MOST,
    ),
    enabled: type !== undefined,
  });
  const items = query.data?.items ?? [];
  if (type === undefined || items.length === 0) return null;
  return (
    <ul className={styles.rows} aria-label={t('events')}>
      {items.map((event) => (
        <li
          key={event.id}
          className={classNames(styles.row, styles.event, openKey === `event-${event.id}` && styles.open)}
          tabIndex={0}
          data-work={`event-${event.id}`}
          aria-label={event.title}
          onClick={() => onOpen(event.id)}
          onKeyDown={(pressed) => {
            if (pressed.key !== 'Enter') return;
            pressed.preventDefault();
            onOpen(event.id);
          }}
        >
          <span className={styles.sign}>
            <CatalogIcon name={type.icon} size={16} role="img" aria-label={format.label(type.labels)} />
          </span>
          <span className={styles.name} title={event.title}>
            {event.title}
          </span>
          <span className={styles.notes}>
            {asText(event.values.place) !== '' && <span className={styles.note}>{asText(event.values.place)}</span>}
          </span>
          <span className={styles.by}>{span(event, from ?? '', to ?? '', format, t('all_day'))}</span>
        </li>
      ))}
    </ul>
  );
}

/** From when to when it lasts today. */
function span({ values }: RecordItem, from: string, to: string, format: Format, allDay: string): string {
  const [start, end] = [asText(values.starts_at), asText(values.ends_at)];
  const [isBefore, isAfter] = [start < from, end > to];
  if (values.is_all_day === true || (isBefore && isAfter)) return allDay;
  if (end === '' || isAfter) return format.time(start);
  return `${isBefore ? '…' : format.time(start)}–${format.time(end)}`;
}
