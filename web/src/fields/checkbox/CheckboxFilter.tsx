import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import type { FilterProps } from '../field-ui';

export function CheckboxFilter({ values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  return (
    <Select
      aria-label={label}
      data-autofocus=""
      value={values[0]?.text ?? ''}
      emptyLabel="—"
      options={[
        { value: 'true', label: t('yes') },
        { value: 'false', label: t('no') },
      ]}
      onChange={(choice) => onChange(choice === '' ? [] : [{ form: 'bare', text: choice }])}
    />
  );
}
