import { useTranslation } from 'react-i18next';
import { FormField } from '@/ui/FormField';
import { Select, type SelectOption } from '@/ui/Select';
import { formatIn, useFormat } from '@/ui/use-format';
import { DATE_FORMATS, formatsOf, NUMBER_FORMATS, TIME_FORMATS, WEEK_STARTS, type FormatChoice } from '@/util/format';
import styles from './ProfileScreen.module.css';

/** What the samples show: a day that cannot be a month, a time of the afternoon, a number with thousands and decimals. */
const SAMPLE_DAY = '2026-11-22';
const SAMPLE_TIME = '16:05';
const SAMPLE_NUMBER = 1234.56;

type Key = keyof FormatChoice;

/** Those that a language has an opinion of. */
const BY_LANGUAGE = { date: true, time: false, week_start: true, numbers: true } as const;
const CHOICES = { date: DATE_FORMATS, time: TIME_FORMATS, week_start: WEEK_STARTS, numbers: NUMBER_FORMATS } as const;
const KEYS = Object.keys(CHOICES) as Key[];

export interface FormatChoicesProps {
  /** Begins the ids of the controls. */
  prefix: string;
  value: FormatChoice;
  /** What holds without an own choice; without it a choice there must be. */
  inherited?: FormatChoice;
  onChange: (value: FormatChoice) => void;
}

/** The formats of dates, times, weeks and numbers, each with a sample of itself. */
export function FormatChoices({ prefix, value, inherited, onChange }: FormatChoicesProps) {
  const { t } = useTranslation('settings');
  const { language } = useFormat();

  function sample(key: Key, choice: FormatChoice): string {
    const formats = formatsOf(language, choice);
    const format = formatIn(formats);
    if (key === 'date') return format.date(SAMPLE_DAY);
    if (key === 'time') return format.clock(SAMPLE_TIME);
    return key === 'numbers' ? format.number(SAMPLE_NUMBER, 2) : t(`formats.days.${formats.weekStart}`);
  }

  function optionsOf(key: Key): SelectOption[] {
    const named = CHOICES[key].map((choice) => ({ value: choice, label: sample(key, { [key]: choice }) }));
    const byLanguage = { value: 'by_language', label: t('formats.by_language', { sample: sample(key, {}) }) };
    return BY_LANGUAGE[key] ? [byLanguage, ...named] : named;
  }

  return (
    <div className={styles.pair}>
      {KEYS.map((key) => (
        <FormField key={key} controlId={`${prefix}-${key}`} label={t(`formats.${key}`)}>
          <Select
            id={`${prefix}-${key}`}
            value={value[key] ?? (inherited === undefined ? (optionsOf(key)[0]?.value ?? '') : '')}
            emptyLabel={inherited === undefined ? undefined : t('formats.as_company', { sample: sample(key, inherited) })}
            options={optionsOf(key)}
            onChange={(choice) => onChange({ ...value, [key]: choice === '' ? null : choice })}
          />
        </FormField>
      ))}
    </div>
  );
}
