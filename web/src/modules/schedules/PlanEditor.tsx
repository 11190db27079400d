import { IconCopy, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Span } from '@/api/working-hours';
import { DateInput } from '@/fields/date/DateInput';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { useFormat } from '@/ui/use-format';
import { dayOf } from '@/util/format';
import { dayName, minutesOf, MOST_CYCLE_DAYS, nextSpan, officePlan, shiftPlan, weeklyMinutes, type Plan } from './plan';
import styles from './Schedules.module.css';
import { SpansEditor } from './SpansEditor';

export interface PlanEditorProps {
  plan: Plan;
  onChange: (plan: Plan) => void;
}

/** The hours of a week, or of a round of shifts: a line for each day. */
export function PlanEditor({ plan, onChange }: PlanEditorProps) {
  const { t } = useTranslation('schedules');
  const { language, number, weekStart } = useFormat();
  const isWeek = plan.kind === 'week';
  // A week is kept from Monday on, and shown as the person begins it.
  const first = isWeek ? FIRST_DAYS[weekStart] : 0;
  const order = plan.days.map((_, place) => (place + first) % plan.days.length);
  const nameOf = (day: number): string => (isWeek ? dayName(day, language, 'long') : t('editor.day', { number: day + 1 }));
  const setDays = (days: Span[][]): void => onChange({ ...plan, days });
  const setDay = (at: number, hours: Span[]): void => setDays(plan.days.map((day, index) => (index === at ? hours : day)));

  function copyToOthers(at: number): void {
    const hours = plan.days[at] ?? [];
    setDays(plan.days.map((day) => (day.length === 0 ? day : hours.map((span) => ({ ...span })))));
  }

  return (
    <div className={styles.plan}>
      <SegmentedChoice
        label={t('editor.kind')}
        value={plan.kind}
        options={[
          { value: 'week', label: t('editor.week') },
          { value: 'cycle', label: t('editor.cycle') },
        ]}
        onChange={(kind) => onChange(kind === 'week' ? officePlan() : shiftPlan(dayOf(new Date())))}
      />
      {plan.kind === 'cycle' && (
        <FormField controlId="cycle-start" label={t('editor.starts_on')} hint={t('editor.starts_on_hint', { count: plan.days.length })}>
          <DateInput id="cycle-start" className={styles.date} isRequired value={plan.starts_on} onChange={(day) => day !== null && onChange({ ...plan, starts_on: day })} />
        </FormField>
      )}
      <ul className={styles.days} aria-label={t('editor.hours')}>
        {order.map((at) => [at, plan.days[at] ?? []] as const).map(([at, hours]) => (
          <li key={at} className={styles.day}>
            <Checkbox className={styles.dayName} isChecked={hours.length > 0} label={nameOf(at)} onChange={(works) => setDay(at, works ? [nextSpan([])] : [])} />
            <DayBar hours={hours} before={plan.days.at(at - 1) ?? []} />
            <div className={styles.dayHours}>
              {hours.length === 0 ? <span className={styles.off}>{t('day_off')}</span> : <SpansEditor day={nameOf(at)} spans={hours} onChange={(next) => setDay(at, next)} />}
            </div>
            <span className={styles.dayTools}>
              {hours.length > 0 && plan.days.filter((day) => day.length > 0).length > 1 && (
                <IconButton size="small" label={t('editor.copy', { day: nameOf(at) })} icon={<IconCopy size={14} />} onClick={() => copyToOthers(at)} />
              )}
              {!isWeek && plan.days.length > 1 && (
                <IconButton
                  size="small"
                  label={t('editor.remove_day', { day: nameOf(at) })}
                  icon={<IconX size={14} />}
                  onClick={() => setDays(plan.days.filter((_, index) => index !== at))}
                />
              )}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.planFoot}>
        {!isWeek && plan.days.length < MOST_CYCLE_DAYS && (
          <Button size="small" icon={<IconPlus size={14} />} onClick={() => setDays([...plan.days, []])}>
            {t('editor.add_day')}
          </Button>
        )}
        <span className={styles.total}>{t(isWeek ? 'editor.total' : 'editor.average', { hours: number(weeklyMinutes(plan) / 60, 1) })}</span>
      </div>
    </div>
  );
}

const DAY = 1_440;
/** Which of the days from Monday on begins a week. */
const FIRST_DAYS = { monday: 0, saturday: 5, sunday: 6 } as const;

/** The day as a line from midnight to midnight; what comes over from the day before is paler. */
function DayBar({ hours, before }: { hours: readonly Span[]; before: readonly Span[] }) {
  const end = ({ from, to }: Span): number => (minutesOf(to) > minutesOf(from) ? minutesOf(to) : minutesOf(to) + DAY);
  const parts = [
    ...before.filter((span) => end(span) > DAY).map((span) => ({ from: 0, to: end(span) - DAY, isRest: true })),
    ...hours.map((span) => ({ from: minutesOf(span.from), to: Math.min(end(span), DAY), isRest: false })),
  ];
  return (
    <span className={styles.bar} aria-hidden="true">
      {parts.map(({ from, to, isRest }, index) => (
        <span key={index} data-rest={isRest || undefined} style={{ left: `${(from / DAY) * 100}%`, width: `${(Math.max(to - from, 0) / DAY) * 100}%` }} />
      ))}
    </span>
  );
}
