import { useRef, type ClipboardEvent } from 'react';
import type { Clip } from './paste-plan';
import { parseTable, printHtmlTable, printTable } from './table-text';

export interface SheetClipboard {
  onCopy: (event: ClipboardEvent) => void;
  onCut: (event: ClipboardEvent) => void;
  onPaste: (event: ClipboardEvent) => void;
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
      const text = event.clipboardData.getData('text/plain');
      if (text === '') return;
      event.preventDefault();
      // Programs change line ends on the way.
      const isOwn = copied.current !== null && copied.current.text === text.replaceAll('\r\n', '\n').replace(/\n$/, '');
      onPaste(isOwn && copied.current !== null ? copied.current.clip : { cells: parseTable(text).map((row) => row.map((cell) => ({ text: cell }))), fields: null });
    },
  };
}
