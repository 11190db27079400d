import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './Sheet.module.css';

export interface TextCellProps {
  field: Field;
  text: string;
  /** The text to write, or null when it was given up, and where the keyboard goes on. */
  onEnd: (text: string | null, move: 'down' | 'right' | 'left' | null) => void;
}

/** A cell that is typed into. */
export function TextCell({ field, text, onEnd }: TextCellProps) {
  const format = useFormat();
  const [typed, setTyped] = useState(text);
  const { t } = useTranslation('records');
  const hasEnded = useRef(false);
  const latest = useRef(typed);
  latest.current = typed;
  const label = format.label(field.labels);
  // A live change took the record out of the list under the hands of the person.
  function tell(): void {
    if (!hasEnded.current && latest.current !== text) showToast(t('not_saved', { field: label, reason: t('left_screen') }), { tone: 'error' });
  }
  const tellLoss = useRef(tell);
  tellLoss.current = tell;
  useEffect(() => () => tellLoss.current(), []);

  function end(value: string | null, move: 'down' | 'right' | 'left' | null): void {
    if (hasEnded.current) return;
    hasEnded.current = true;
    onEnd(value, move);
  }

  return (
    <TextInput
      className={styles.input}
      aria-label={label}
      autoFocus
      autoComplete="off"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => end(typed, null)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        event.stopPropagation();
        if (event.key === 'Escape') end(null, null);
        else if (event.key === 'Enter') end(typed, 'down');
        else if (event.key === 'Tab') {
          event.preventDefault();
          end(typed, event.shiftKey ? 'left' : 'right');
        }
      }}
    />
  );
}
