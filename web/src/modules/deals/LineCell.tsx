import { useState, type KeyboardEvent } from 'react';
import type { FieldValue } from '@/api/types';
import { classNames } from '@/util/class-names';
import styles from './Lines.module.css';

export interface LineCellProps {
  label: string;
  /** What stands there, as people type it. */
  text: string;
  /** What a text means; undefined for one that means nothing. */
  read: (text: string) => FieldValue | undefined;
  onChange: (value: FieldValue) => void;
  isNumber?: boolean;
  isReadOnly: boolean;
  isInvalid?: boolean;
}

/** A cell of a line: what was typed is saved on leaving it and on Enter, which goes to the line below; Escape brings back what stood there. */
export function LineCell({ label, text, read, onChange, isNumber = false, isReadOnly, isInvalid = false }: LineCellProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isWrong = typed !== null && read(typed) === undefined;
  if (isReadOnly) return <span className={classNames(styles.still, isNumber && styles.number)}>{text}</span>;

  function save(): void {
    if (typed === null || isWrong) return;
    const value = read(typed);
    setTyped(null);
    if (typed !== text && value !== undefined) onChange(value);
  }

  function handleKey(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Escape' && typed !== null) {
      event.stopPropagation();
      setTyped(null);
      return;
    }
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    save();
    beside(event.currentTarget, step)?.focus();
  }

  return (
    <input
      className={classNames(styles.input, isNumber && styles.number)}
      aria-label={label}
      aria-invalid={isWrong || isInvalid || undefined}
      inputMode={isNumber ? 'decimal' : undefined}
      autoComplete="off"
      title={isNumber ? undefined : text}
      value={typed ?? text}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={save}
      onKeyDown={handleKey}
    />
  );
}

/** The same cell of the line above or below; below the last line that in which lines are added. */
function beside(input: HTMLElement, step: number): HTMLElement | null {
  const cell = input.closest('td');
  const row = cell?.parentElement;
  if (cell == null || row == null) return null;
  const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  if (other !== null) return other.children.item([...row.children].indexOf(cell))?.querySelector('input') ?? null;
  return step > 0 ? (row.closest('section')?.querySelector<HTMLElement>('input[role="combobox"]') ?? null) : null;
}
