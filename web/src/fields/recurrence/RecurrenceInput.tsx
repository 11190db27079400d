import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { DateInput } from '../date/DateInput';
import type { InputProps } from '../field-ui';
import { asText } from '../values';
import { isOnWorkingDays, parseRule, printRule, WEEKDAYS, WORKING_DAYS, type Rule } from './rule';
import { useRuleWords, weekdayName } from './rule-words';
import styles from './recurrence.module.css';

const PRESETS = ['daily', 'working_days', 'weekly', 'monthly', 'month_end', 'yearly', 'own'] as const;
type Preset = (typeof PRESETS)[number];

const FIRST: Readonly<Record<Exclude<Preset, 'own'>, Pick<Rule, 'frequency' | 'days' | 'monthDays'>>> = {
  daily: { frequency: 'DAILY', days: [], monthDays: [] },
  working_days: { frequency: 'WEEKLY', days: WORKING_DAYS, monthDays: [] },
  weekly: { frequency: 'WEEKLY', days: [], monthDays: [] },
  monthly: { frequency: 'MONTHLY', days: [], monthDays: [] },
  month_end: { frequency: 'MONTHLY', days: [], monthDays: [-1] },
  yearly: { frequency: 'YEARLY', days: [], monthDays: [] },
};

function presetOf(rule: Rule | null): Preset {
  if (rule === null) return 'own';
  if (rule.frequency === 'DAILY') return 'daily';
  if (rule.frequency === 'YEARLY') return 'yearly';
  if (rule.frequency === 'WEEKLY') return isOnWorkingDays(rule) ? 'working_days' : 'weekly';
  if (rule.days.length > 0 || rule.monthDays.length > 1) return 'own';
  return rule.monthDays.length === 0 ? 'monthly' : rule.monthDays[0] === -1 ? 'month_end' : 'own';
}

/** How often, on which days, until when; or the rule itself for whoever knows how to write one. */
export function RecurrenceInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const words = useRuleWords();
  const text = asText(value);
  const rule = parseRule(text);
  const [isOwn, setIsOwn] = useState(text !== '' && presetOf(rule) === 'own');
  const preset = text === '' && !isOwn ? '' : isOwn ? 'own' : presetOf(rule);

  function change(part: Partial<Rule>): void {
    if (rule !== null) onChange(printRule({ ...rule, ...part }));
  }

  function choose(next: string): void {
    const known = PRESETS.find((one) => one === next);
    setIsOwn(known === 'own');
    if (known === undefined) onChange(null);
    else if (known === 'own') onChange(text === '' ? 'FREQ=MONTHLY;BYDAY=1MO' : text);
    else onChange(printRule({ interval: 1, count: null, until: null, ...rule, ...FIRST[known] }));
  }

  const end = rule?.count != null ? 'count' : rule?.until != null ? 'until' : 'never';
  return (
    <div className={styles.box} onKeyDown={onKeyDown}>
      <Select
        id={id}
        value={preset}
        aria-label={format.label(field.labels)}
        emptyLabel={t('recurrence.never')}
        options={PRESETS.map((key) => ({ value: key, label: t(`recurrence.presets.${key}`) }))}
        isInvalid={problems.length > 0}
        aria-describedby={describedBy}
        autoFocus={hasAutoFocus}
        onChange={choose}
      />
      {preset === 'own' && <TextInput aria-label={t('recurrence.rule')} value={text} spellCheck={false} onChange={(event) => onChange(event.target.value)} />}
      {preset !== '' && preset !== 'own' && rule !== null && (
        <>
          {preset === 'weekly' && (
            <div className={styles.days} role="group" aria-label={t('recurrence.days')}>
              {WEEKDAYS.map((day) => {
                const isOn = rule.days.some((one) => one.day === day);
                const others = rule.days.filter((one) => one.day !== day);
                return (
                  <button
                    key={day}
                    type="button"
                    className={styles.day}
                    aria-pressed={isOn}
                    aria-label={weekdayName(day, format.language, 'long')}
                    onClick={() => change({ days: isOn ? others : [...others, { week: 0, day }] })}
                  >
                    {weekdayName(day, format.language)}
                  </button>
                );
              })}
            </div>
          )}
          <div className={styles.line}>
            {preset !== 'working_days' && preset !== 'month_end' && (
              <label className={styles.pair}>
                {t('recurrence.interval')}
                <TextInput
                  className={styles.number}
                  type="number"
                  min={1}
                  max={999}
                  value={String(rule.interval)}
                  onChange={(event) => change({ interval: Math.max(1, Math.trunc(Number(event.target.value)) || 1) })}
                />
              </label>
            )}
            <Select
              className={styles.end}
              aria-label={t('recurrence.end')}
              value={end}
              options={(['never', 'count', 'until'] as const).map((key) => ({ value: key, label: t(`recurrence.ends.${key}`) }))}
              onChange={(key) => change({ count: key === 'count' ? 10 : null, until: key === 'until' ? `${new Date().getFullYear()}-12-31` : null })}
            />
            {end === 'count' && (
              <TextInput
                className={styles.number}
                type="number"
                min={1}
                max={999}
                aria-label={t('recurrence.ends.count')}
                value={String(rule.count ?? 1)}
                onChange={(event) => change({ count: Math.max(1, Math.trunc(Number(event.target.value)) || 1) })}
              />
            )}
            {end === 'until' && <DateInput label={t('recurrence.ends.until')} value={rule.until} onChange={(until) => until !== null && change({ until })} />}
          </div>
        </>
      )}
      {text !== '' && <p className={styles.words}>{words(text)}</p>}
    </div>
  );
}
