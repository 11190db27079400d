import { useTranslation } from 'react-i18next';
import { Checkbox } from '@/ui/Checkbox';
import type { InputProps } from '../field-ui';

export function CheckboxInput({ id, value, onChange, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  return (
    <Checkbox
      id={id}
      isChecked={value === true}
      aria-describedby={describedBy}
      autoFocus={hasAutoFocus}
      onKeyDown={onKeyDown}
      onChange={onChange}
      label={t('yes')}
    />
  );
}
