import { IconCopy } from '@tabler/icons-react';
import { copyText } from './copy-text';
import styles from './CopyField.module.css';
import { FormField } from './FormField';
import { IconButton } from './IconButton';
import { TextInput } from './TextInput';

export interface CopyFieldProps {
  id: string;
  label: string;
  value: string;
  hint?: string;
  /** What the button is called. */
  copyLabel: string;
  /** What is said once the value is in the clipboard. */
  copiedText: string;
  /** The field has the focus when its dialog opens. */
  isFocused?: boolean;
}

/** A value that is taken elsewhere: it is read, selected whole and copied, never typed. */
export function CopyField({ id, label, value, hint, copyLabel, copiedText, isFocused = false }: CopyFieldProps) {
  return (
    <FormField controlId={id} label={label} hint={hint}>
      <div className={styles.copied}>
        <TextInput
          id={id}
          readOnly
          spellCheck={false}
          value={value}
          data-autofocus={isFocused ? '' : undefined}
          onFocus={(event) => event.target.select()}
        />
        <IconButton isFramed label={copyLabel} icon={<IconCopy size={16} />} onClick={() => void copyText(value, copiedText)} />
      </div>
    </FormField>
  );
}
