import { IconCalendar, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { recordPickQuery, type HistoryFilter } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { Button } from '@/ui/Button';
import { FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import styles from './History.module.css';

export interface HistoryFiltersProps {
  type: ObjectType;
  filter: HistoryFilter;
  onChange: (filter: HistoryFilter) => void;
}

/** The history by field, by person and by days. */
export function HistoryFilters({ type, filter, onChange }: HistoryFiltersProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const users = useQuery(recordPickQuery('user', '')).data?.items ?? [];
  const dates = [filter.from, filter.to].map((day) => (day === undefined ? '…' : format.date(day))).join(' – ');
  const hasDates = filter.from !== undefined || filter.to !== undefined;
  return (
    <div className={styles.filters}>
      <Select
        size="small"
        className={styles.filter}
        aria-label={t('history.field')}
        value={filter.field ?? ''}
        emptyLabel={t('history.all_fields')}
        options={type.fields.filter((field) => !field.is_read_only).map((field) => ({ value: field.name, label: format.label(field.labels) }))}
        onChange={(name) => onChange({ ...filter, field: name === '' ? undefined : name })}
      />
      {users.length > 0 && (
        <Select
          size="small"
          className={styles.filter}
          aria-label={t('history.user')}
          value={filter.user === undefined ? '' : String(filter.user)}
          emptyLabel={t('history.everyone')}
          options={users.map((user) => ({ value: String(user.id), label: user.title }))}
          onChange={(id) => onChange({ ...filter, user: id === '' ? undefined : Number(id) })}
        />
      )}
      <Popover
        label={t('history.dates')}
        trigger={
          <Button size="small" icon={<IconCalendar size={16} />}>
            {hasDates ? dates : t('history.any_time')}
          </Button>
        }
      >
        {() => (
          <div className={styles.range}>
            <FormField controlId="history-from" label={t('history.from')}>
              <DateInput id="history-from" value={filter.from ?? null} onChange={(day) => onChange({ ...filter, from: day ?? undefined })} />
            </FormField>
            <FormField controlId="history-to" label={t('history.to')}>
              <DateInput id="history-to" value={filter.to ?? null} onChange={(day) => onChange({ ...filter, to: day ?? undefined })} />
            </FormField>
          </div>
        )}
      </Popover>
      {(hasDates || filter.field !== undefined || filter.user !== undefined) && (
        <IconButton size="small" label={t('history.clear')} icon={<IconX size={16} />} onClick={() => onChange({})} />
      )}
    </div>
  );
}
