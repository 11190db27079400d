import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import type { FilterValue } from '@/util/filter-text';
import { DateInput } from '../date/DateInput';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import { useRange } from './use-range';

const RELATIVE_DAYS = ['0', '1', '7', '30', '90', '365'] as const;

/** A day, given or relative to today. */
export function DateFilter({ operator, values, onChange, label }: FilterProps) {
  if (operator === 'between') return <DateRange values={values} onChange={onChange} />;
  return <DayChoice value={values[0]} label={label} onChange={(value) => onChange(value === undefined ? [] : [value])} />;
}

function DateRange({ values, onChange }: Pick<FilterProps, 'values' | 'onChange'>) {
  const { t } = useTranslation('fields');
  const [[low, high], put] = useRange(values, onChange);
  return (
    <div className={styles.stack}>
      <DayChoice value={low} label={t('filter.from')} onChange={(day) => put(0, day)} />
      <DayChoice value={high} label={t('filter.to')} onChange={(day) => put(1, day)} />
    </div>
  );
}

/** Days before today of `today - 7d`; null for anything else. */
function relativeDays(text: string | undefined): string | null {
  if (text === 'today') return '0';
  return /^today - (\d+)d$/.exec(text ?? '')?.[1] ?? null;
}

interface DayChoiceProps {
  value: FilterValue | undefined;
  label: string;
  onChange: (value: FilterValue | undefined) => void;
}

function DayChoice({ value, label, onChange }: DayChoiceProps) {
  const { t } = useTranslation('fields');
  const id = useId();
  const days = relativeDays(value?.text);
  const options = RELATIVE_DAYS.map((key) => ({ value: key, label: t(`filter.days.${key}`) }));
  if (days !== null && !options.some((option) => option.value === days)) {
    options.push({ value: days as '0', label: t('filter.days_ago', { count: Number(days) }) });
  }
  return (
    <div className={styles.stack}>
      <Select
        aria-label={label}
        value={days ?? 'day'}
        data-autofocus=""
        options={[...options, { value: 'day', label: t('filter.days.day') }]}
        onChange={(choice) => {
          if (choice === 'day') onChange(undefined);
          else onChange({ form: 'bare', text: choice === '0' ? 'today' : `today - ${choice}d` });
        }}
      />
      {days === null && (
        <DateInput
          id={id}
          label={label}
          value={value === undefined ? null : value.text.slice(0, 10)}
          onChange={(day) => onChange(day === null ? undefined : { form: 'bare', text: day })}
        />
      )}
    </div>
  );
}
