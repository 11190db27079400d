/** A rule of repetition in words. */
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import { isOnWorkingDays, parseRule, WEEKDAYS, type Weekday } from './rule';

/** The short name of a day of the week in the language of the page. */
export function weekdayName(day: Weekday, language: string, width: 'short' | 'long' = 'short'): string {
  // The first of January 2024 was a Monday.
  return new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day))));
}

/** Says a rule in the language of the page. What is no rule comes back as it is. */
export function useRuleWords(): (text: string) => string {
  const { t } = useTranslation('fields');
  const format = useFormat();
  return (text) => {
    const rule = parseRule(text);
    if (rule === null) return text;
    const { frequency, interval: count, days, monthDays } = rule;
    const unit = ({ DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' } as const)[frequency];
    const isPlain = count === 1 && isOnWorkingDays(rule);
    const every = isPlain ? t('recurrence.working_days') : count === 1 ? t(`recurrence.each_${unit}`) : t(`recurrence.every_${unit}`, { count });
    const on = [
      ...(isPlain ? [] : days).map(({ week, day }) => {
        const name = weekdayName(day, format.language);
        return week === 0 ? name : week === -1 ? t('recurrence.last_day', { day: name }) : t('recurrence.nth_day', { week, day: name });
      }),
      ...monthDays.map((day) => (day === -1 ? t('recurrence.end_of_month') : t('recurrence.month_day', { day }))),
    ];
    const parts = [on.length === 0 ? every : `${every}: ${on.join(', ')}`];
    if (rule.count !== null) parts.push(t('recurrence.times', { count: rule.count }));
    if (rule.until !== null) parts.push(t('recurrence.until', { day: format.date(rule.until) }));
    return parts.join(', ');
  };
}
