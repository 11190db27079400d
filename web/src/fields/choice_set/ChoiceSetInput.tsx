import { Checkbox } from '@/ui/Checkbox';
import { useFormat } from '@/ui/use-format';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { asTexts } from '../values';

export function ChoiceSetInput({ id, field, value, onChange, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const format = useFormat();
  const keys = asTexts(value);
  const options = (field.settings.options ?? []).filter((option) => option.is_retired !== true || keys.includes(option.key));
  return (
    <div className={styles.checksWide} role="group" aria-label={format.label(field.labels)} onKeyDown={onKeyDown}>
      {options.map((option, index) => (
        <Checkbox
          key={option.key}
          id={index === 0 ? id : undefined}
          autoFocus={hasAutoFocus && index === 0}
          aria-describedby={describedBy}
          isChecked={keys.includes(option.key)}
          label={format.label(option.labels)}
          onChange={(isOn) => onChange(isOn ? [...keys, option.key] : keys.filter((key) => key !== option.key))}
        />
      ))}
    </div>
  );
}
