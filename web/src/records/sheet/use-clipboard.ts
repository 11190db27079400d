import { useRef, type ClipboardEvent } from 'react';
import type { Clip } from './paste-plan';
import { parseTable, printHtmlTable, printTable } from './table-text';

export interface SheetClipboard {
  onCopy: (event: ClipboardEvent) => void;
  onCut: (event: ClipboardEvent) => void;
  onPaste: (event: ClipboardEvent) => void;
}

/** Programs change line ends on the way, and end the last row or do not. */
export function isSameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').replace(/\n$/, '');
  return plain(a) === plain(b);
}

export interface ClipboardOptions {
  /** The chosen cells; null while a cell is being edited, which then owns the clipboard. */
  read: () => Clip | null;
  onCopied: (clip: Clip) => void;
  onCut: () => void;
  onPaste: (clip: Clip) => void;
}

/**
 * Copy, cut and paste as texts that every program understands. What was copied here is remembered with its values:
 * pasted again, it is that very record or option, not only its name.
 */
export function useClipboard({ read, onCopied, onCut, onPaste }: ClipboardOptions): SheetClipboard {
  const copied = useRef<{ text: string; clip: Clip } | null>(null);

  function copy(event: ClipboardEvent): boolean {
    const clip = read();
    if (clip === null) return false;
    const texts = clip.cells.map((row) => row.map((cell) => cell.text));
    const text = printTable(texts);
    event.clipboardData.setData('text/plain', text);
    event.clipboardData.setData('text/html', printHtmlTable(texts));
    event.preventDefault();
    copied.current = { text, clip };
    onCopied(clip);
    return true;
  }

  return {
    onCopy: copy,
    onCut: (event) => {
      if (copy(event)) onCut();
    },
    onPaste: (event) => {
      if (read() === null) return;
      if (!event.clipboardData.types.includes('text/plain')) return;
      const text = event.clipboardData.getData('text/plain');
      const own = copied.current !== null && isSameText(copied.current.text, text) ? copied.current.clip : null;
      if (own === null && text === '') return;
      event.preventDefault();
      onPaste(own ?? { cells: parseTable(text).map((row) => row.map((cell) => ({ text: cell }))), fields: null });
    },
  };
}
