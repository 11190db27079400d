import { IconClockExclamation } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState, type CSSProperties, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { UserAvatar } from '@/fields/UserAvatar';
import { asReference, asReferences, isEmptyValue } from '@/fields/values';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { cellValue } from '../list/cell-value';
import type { ListSearch } from '../list/list-search';
import type { RowMenuPlace } from '../list/row-menu-place';
import { RowMenuButton } from '../list/RowMenuButton';
import { TitleLink } from '../list/TitleLink';
import { dragCard } from './board-drag';
import { MOST_LINES } from './board-fields';
import styles from './RecordBoard.module.css';

/** A word or a name says what it is; a number, a date or a tick does not without its label. */
const NEEDS_LABEL: ReadonlySet<string> = new Set(['number', 'date', 'date_time', 'checkbox']);

export interface BoardCardProps {
  type: ObjectType;
  record: RecordItem;
  /** The fields below the title, the empty ones left out. */
  fields: readonly Field[];
  responsible: Field | undefined;
  /** So many days it stands in its column, which is too long; else null. */
  staleDays: number | null;
  /** More than twice as long as it should. */
  isFarStale: boolean;
  isActive: boolean;
  isLifted: boolean;
  isOpen: boolean;
  mayMove: boolean;
  listSearch: ListSearch;
  onOpen: (id: number) => void;
  onFocus: (id: number) => void;
  onMenu: (place: RowMenuPlace) => void;
}

/** A plain press beside the links, not the end of marking a text. */
function isForCard(event: MouseEvent<HTMLElement>): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return false;
  return (event.target as Element).closest('a, button, label') === null && window.getSelection()?.type !== 'Range';
}

/** A record on a board. */
export const BoardCard = memo(function BoardCard({
  type,
  record,
  fields,
  responsible,
  staleDays,
  isFarStale,
  isActive,
  isLifted,
  isOpen,
  mayMove,
  listSearch,
  onOpen,
  onFocus,
  onMenu,
}: BoardCardProps) {
  const { t } = useTranslation('board');
  const format = useFormat();
  const card = useRef<HTMLLIElement>(null);
  const [isDragged, setIsDragged] = useState(false);
  const { id } = record;

  useEffect(() => {
    const element = card.current;
    return element === null ? undefined : dragCard(element, { id, mayMove: () => mayMove, onDragging: setIsDragged });
  }, [id, mayMove]);
  useEffect(() => {
    // A link would be dragged by itself instead of the card that it stands on.
    for (const link of card.current?.querySelectorAll<HTMLElement>('a, img') ?? []) link.draggable = false;
  });

  const people = responsible === undefined ? [] : peopleOf(record, responsible);
  const shown = fields.filter((field) => !isEmptyValue(cellValue(record, field.name))).slice(0, MOST_LINES);
  return (
    <li
      ref={card}
      id={`row-${id}`}
      className={classNames(styles.card, isDragged && styles.dragged, isLifted && styles.lifted, isOpen && styles.openCard, mayMove && styles.movable)}
      tabIndex={isActive ? 0 : -1}
      style={{ '--people': `${Math.min(4, people.length)}` } as CSSProperties}
      aria-label={record.title}
      aria-describedby={isActive ? 'board-keys' : undefined}
      onFocus={() => onFocus(id)}
      onClick={(event) => {
        if (isForCard(event)) onOpen(id);
      }}
    >
      <TitleLink type={type} record={record} listSearch={listSearch} avatarSize="small" className={styles.title} textClassName={styles.titleText} />
      {shown.map((field) => {
        const { Display } = fieldKind(field.kind);
        const label = format.label(field.labels);
        return (
          <div key={field.name} className={styles.line} title={label}>
            <span className={NEEDS_LABEL.has(field.kind) ? styles.label : styles.silentLabel}>{label} </span>
            <span className={styles.value}>
              <Display field={field} value={cellValue(record, field.name)} isCompact />
            </span>
          </div>
        );
      })}
      {(people.length > 0 || staleDays !== null) && (
        <div className={classNames(styles.foot, staleDays === null && shown.length > 0 && styles.beside)}>
          {staleDays !== null && (
            <span className={classNames(styles.stale, isFarStale && styles.farStale)} title={t('stale_hint')}>
              <IconClockExclamation size={14} aria-hidden="true" />
              {t('stale', { count: staleDays })}
            </span>
          )}
          <span className={styles.people}>
            {people.slice(0, 3).map((person) => (
              <span key={person.id} title={`${format.label(responsible?.labels)}: ${person.title}`}>
                <UserAvatar id={person.id} title={person.title} size="small" />
              </span>
            ))}
            {people.length > 3 && <span className={styles.more}>+{people.length - 3}</span>}
          </span>
        </div>
      )}
      <RowMenuButton record={record} className={styles.menu} onMenu={onMenu} />
    </li>
  );
});

function peopleOf(record: RecordItem, field: Field): { id: number; title: string }[] {
  const value = record.values[field.name];
  const one = asReference(value);
  return one === null ? asReferences(value) : [one];
}
