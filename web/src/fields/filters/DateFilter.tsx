import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import type { FilterValue } from '@/util/filter-text';
import { DateInput } from '../date/DateInput';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';

const RELATIVE_DAYS = ['0', '1', '7', '30', '90', '365'] as const;

/** A day, given or relative to today. */
export function DateFilter({ operator, values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  if (operator === 'between') {
    return (
      <div className={styles.stack}>
        <DayChoice value={values[0]} label={t('filter.from')} onChange={(low) => onChange(keep(low, values[1]))} />
        <DayChoice value={values[1]} label={t('filter.to')} onChange={(high) => onChange(keep(values[0], high))} />
      </div>
    );
  }
  return <DayChoice value={values[0]} label={label} onChange={(value) => onChange(value === undefined ? [] : [value])} />;
}

/** Both ends must be there before a range means anything; the missing one starts as today. */
function keep(low: FilterValue | undefined, high: FilterValue | undefined): FilterValue[] {
  const today: FilterValue = { form: 'bare', text: 'today' };
  return [low ?? today, high ?? today];
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
          id="filter-day"
          label={label}
          value={value === undefined ? null : value.text.slice(0, 10)}
          onChange={(day) => onChange(day === null ? undefined : { form: 'bare', text: day })}
        />
      )}
    </div>
  );
}
