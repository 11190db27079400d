import { IconCalendar } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldValue, ObjectType, Values } from '@/api/types';
import { InstantInput } from '@/fields/date_time/InstantInput';
import { asText } from '@/fields/values';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { categoryField } from './kinds';
import styles from './Timeline.module.css';

/** The moment of a note. */
export const WHEN = 'happened_at';

export interface NoteDetailsProps {
  type: ObjectType;
  values: Values;
  onChange: (values: Values) => void;
}

/** Of which kind a note is and when it was, quietly: it is a plain one of now unless somebody says more. */
export function NoteDetails({ type, values, onChange }: NoteDetailsProps) {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const whenId = useId();
  const category = categoryField(type);
  const when = type.fields.find((field) => field.name === WHEN && !field.is_retired);
  const [isWhenOpen, setIsWhenOpen] = useState(asText(values[WHEN]) !== '');
  const set = (name: string, value: FieldValue): void => onChange({ ...values, [name]: value });
  const options = (category?.settings.options ?? []).filter((option) => option.is_retired !== true || option.key === values.category);
  return (
    <>
      {category !== undefined && (
        <Select
          size="small"
          className={styles.noteCategory}
          aria-label={format.label(category.labels)}
          value={asText(values[category.name])}
          emptyLabel={asText(values[category.name]) === '' ? '—' : undefined}
          options={options.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
          onChange={(key) => set(category.name, key === '' ? null : key)}
        />
      )}
      {when !== undefined && !isWhenOpen && (
        <IconButton size="small" label={t('when')} icon={<IconCalendar size={16} />} onClick={() => setIsWhenOpen(true)} />
      )}
      {when !== undefined && isWhenOpen && (
        <span className={styles.when}>
          <VisuallyHidden htmlFor={whenId}>{format.label(when.labels)}</VisuallyHidden>
          <InstantInput id={whenId} field={when} value={values[WHEN]} problems={[]} onChange={(value) => set(WHEN, value)} />
        </span>
      )}
    </>
  );
}
