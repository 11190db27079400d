import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Popover } from '@/ui/Popover';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import styles from './Calendar.module.css';
import type { Draft } from './draft';
import type { CalendarType } from './entries';
import { NewEntry } from './NewEntry';
import { clockText } from '@/util/times';

export interface DraftBlockProps {
  draft: Draft;
  types: readonly CalendarType[];
  onDraft: (draft: Draft | null) => void;
  look: 'block' | 'bar';
  style?: CSSProperties;
}

/** A new entry where it will stand, with the little form that names it. */
export function DraftBlock({ draft, types, onDraft, look, style }: DraftBlockProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const isNarrow = useNarrow();
  // The form floats over the page and belongs to the block all the same: a press in it is none on the hours behind.
  return (
    <div className={styles.draftHolder} onPointerDown={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()}>
      <Popover
        label={t('new')}
        placement={isNarrow ? 'bottom' : 'right-start'}
        isOpen={draft.isOpen}
        onOpenChange={(isOpen) => {
          if (!isOpen) onDraft(null);
        }}
        trigger={
          <button type="button" className={styles.draft} data-look={look} data-draft="" style={style}>
            {draft.isWholeDays ? t('whole_day') : `${format.clock(clockText(draft.from))} – ${format.clock(clockText(draft.to))}`}
          </button>
        }
      >
        {(close) => <NewEntry draft={draft} types={types} onChange={onDraft} onClose={close} />}
      </Popover>
    </div>
  );
}
