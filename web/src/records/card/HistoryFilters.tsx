import { IconCalendar, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPickQuery, type HistoryFilter } from '@/api/records';
import type { ObjectType, RecordReference } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { RecordPicker } from '@/fields/reference/RecordPicker';
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
  // Who may not see any user has nobody to choose.
  const hasUsers = (useQuery(recordPickQuery('user', '')).data?.items.length ?? 0) > 0;
  const [user, setUser] = useState<RecordReference | null>(null);
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
      {hasUsers && (
        <div className={styles.user}>
          <RecordPicker
            id="history-user"
            target="user"
            label={t('history.user')}
            placeholder={t('history.everyone')}
            value={user}
            onChange={(chosen) => {
              setUser(chosen);
              onChange({ ...filter, user: chosen?.id });
            }}
          />
        </div>
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
        <IconButton
          size="small"
          label={t('history.clear')}
          icon={<IconX size={16} />}
          onClick={() => {
            setUser(null);
            onChange({});
          }}
        />
      )}
    </div>
  );
}
