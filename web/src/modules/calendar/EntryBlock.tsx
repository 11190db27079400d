import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react';
import { CatalogIcon } from '@/ui/CatalogIcon';
import styles from './Calendar.module.css';
import type { Entry } from './entries';
import { useEntryWords } from './use-entry-words';

export interface EntryBlockProps {
  entry: Entry;
  /** One of the colours of options. */
  tone: string;
  look: 'block' | 'bar' | 'line';
  style?: CSSProperties;
  /** So low that only the title has room. */
  isLow?: boolean;
  isHeld?: boolean;
  goesOnBefore?: boolean;
  goesOnAfter?: boolean;
  canStretch?: boolean;
  /** The face of whose it is, where several people are shown. */
  onOpen: (entry: Entry) => void;
  onKeyDown?: (event: KeyboardEvent, entry: Entry) => void;
  onPointerDown?: (event: PointerEvent<HTMLElement>, entry: Entry, isStretch: boolean) => void;
}

/** An entry, as a block of the hours, a bar over days, or a line of a month. */
export function EntryBlock({ entry, tone, look, style, isLow = false, isHeld = false, goesOnBefore = false, goesOnAfter = false, canStretch = false, onOpen, onKeyDown, onPointerDown }: EntryBlockProps) {
  const words = useEntryWords();
  const { record, isDone, isLate, place } = entry;
  const time = words.time(entry);
  const title = record.title;
  const clock = entry.isAcross ? '' : words.begin(entry);
  return (
    <button
      type="button"
      className={styles.entry}
      data-entry={entry.key}
      data-look={look}
      data-tone={tone}
      data-done={isDone || undefined}
      data-late={isLate || undefined}
      data-held={isHeld || undefined}
      data-low={isLow || undefined}
      data-before={goesOnBefore || undefined}
      data-after={goesOnAfter || undefined}
      style={style}
      title={[time, title, place].filter((part) => part !== '').join('\n')}
      aria-label={words.spoken(entry)}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(entry);
      }}
      onKeyDown={(event) => onKeyDown?.(event, entry)}
      onPointerDown={(event) => onPointerDown?.(event, entry, false)}
    >
      <span className={styles.entryTitle}>
        {isLate ? (
          <IconAlertCircle size={14} className={styles.lateSign} aria-hidden="true" />
        ) : isDone ? (
          <IconCheck size={14} className={styles.sign} aria-hidden="true" />
        ) : (
          <CatalogIcon name={entry.type.icon} size={14} className={styles.sign} aria-hidden="true" />
        )}
        {(look !== 'block' || isLow) && clock !== '' && <span className={styles.entryClock}>{clock}</span>}
        <span className={styles.entryName}>{title}</span>
      </span>
      {look === 'block' && !isLow && (
        <span className={styles.entryTime}>
          {time}
          {place !== '' && `, ${place}`}
        </span>
      )}
      {canStretch && look === 'block' && (
        <span
          className={styles.edge}
          data-edge=""
          onPointerDown={(event) => {
            event.stopPropagation();
            onPointerDown?.(event, entry, true);
          }}
        />
      )}
    </button>
  );
}
