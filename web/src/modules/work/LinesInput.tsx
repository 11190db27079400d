import { useRef, useState } from 'react';
import { linesOf } from './checklist-places';
import { linesFor, writeInTurn, type Line } from './lines';
import styles from './LinesInput.module.css';

export interface LinesInputProps {
  label: string;
  hint: string;
  /** The place of the last item. */
  last: number;
  onWrite: (line: Line, isAlone: boolean) => Promise<unknown>;
  onFail: (error: unknown) => void;
}

/** Where items are added: a line and Enter, or several lines at once. What could not be written comes back, a line for each. */
export function LinesInput({ label, hint, last, onWrite, onFail }: LinesInputProps) {
  const [text, setText] = useState('');
  const isBusy = useRef(false);
  const failed = useRef<Line | null>(null);

  function type(next: string): void {
    if (next === '') failed.current = null;
    setText(next);
  }

  async function send(texts: readonly string[]): Promise<void> {
    if (texts.length === 0 || isBusy.current) return;
    isBusy.current = true;
    setText('');
    const lines = linesFor(texts, last, failed.current);
    const left = await writeInTurn(lines, (line) => onWrite(line, lines.length === 1));
    isBusy.current = false;
    failed.current = left?.rest[0] ?? null;
    if (left === null) return;
    // Something else may be typed by now.
    setText((typed) => [...left.rest.map((line) => line.text), ...linesOf(typed)].join('\n'));
    onFail(left.error);
  }

  return (
    <textarea
      className={styles.input}
      rows={text.split('\n').length}
      value={text}
      aria-label={label}
      title={hint}
      placeholder={label}
      autoComplete="off"
      onChange={(event) => type(event.target.value)}
      onPaste={(event) => {
        const lines = linesOf(event.clipboardData.getData('text/plain'));
        if (lines.length < 2 || isBusy.current) return;
        event.preventDefault();
        void send([...linesOf(text), ...lines]);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault();
          void send(linesOf(text));
        } else if (event.key === 'Escape' && text !== '') {
          event.stopPropagation();
          type('');
        }
      }}
    />
  );
}
