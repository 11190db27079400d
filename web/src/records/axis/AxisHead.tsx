import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import { addDays } from '@/util/calendar';
import { placeOf, numberOf, type Scale, type Tick } from './scale';
import styles from './RecordAxis.module.css';

export interface AxisHeadProps {
  scale: Scale;
  today: string;
  /** Names of holidays by day. */
  holidays: ReadonlyMap<string, string>;
  isClosed: (day: string) => boolean;
}

const UTC = { timeZone: 'UTC' } as const;

/** What days there are: months above days and weeks, years above months and quarters. */
export const AxisHead = memo(function AxisHead({ scale, today, holidays, isClosed }: AxisHeadProps) {
  const { t } = useTranslation('records');
  const { language } = useFormat();
  const say = (day: string, options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(language, { ...options, ...UTC }).format(new Date(day));
  const isFine = scale.zoom === 'day' || scale.zoom === 'week';

  const upper = ({ day }: Tick): string => {
    const text = isFine ? say(day, { month: 'long', year: 'numeric' }) : day.slice(0, 4);
    return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  };
  const lower = ({ day, days }: Tick): string => {
    if (scale.zoom === 'day') return `${say(day, { weekday: 'short' })} ${Number(day.slice(8))}`;
    if (scale.zoom === 'week') return days < 7 ? '' : `${Number(day.slice(8))} – ${Number(addDays(day, days - 1).slice(8))}`;
    if (scale.zoom === 'month') return say(day, { month: 'short' });
    return t('axis.quarter', { number: Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1 });
  };
  const cell = (tick: Tick) => ({ left: placeOf(scale, numberOf(tick.day)), width: tick.days * scale.dayWidth });

  return (
    <div className={styles.head} aria-hidden="true" style={{ width: scale.width }}>
      <div className={styles.headLine}>
        {scale.upper.map((tick) => (
          <div key={tick.day} className={styles.upper} style={cell(tick)}>
            <span>{upper(tick)}</span>
          </div>
        ))}
      </div>
      <div className={styles.headLine}>
        {scale.lower.map((tick) => {
          const isNow = tick.day <= today && today < addDays(tick.day, tick.days);
          const holiday = scale.zoom === 'day' ? holidays.get(tick.day) : undefined;
          return (
            <div key={tick.day} className={styles.lower} style={cell(tick)} title={holiday} data-now={isNow || undefined} data-holiday={holiday !== undefined || undefined} data-closed={(scale.zoom === 'day' && isClosed(tick.day)) || undefined}>
              <span>{lower(tick)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
});
