import { memo, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Checkbox } from '@/ui/Checkbox';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { cellValue } from '../list/cell-value';
import type { ListSearch } from '../list/list-search';
import type { RowMenuPlace } from '../list/row-menu-place';
import { RowMenuButton } from '../list/RowMenuButton';
import { onShiftPress } from '../list/shift-press';
import { TitleLink } from '../list/TitleLink';
import styles from './RecordTiles.module.css';
import { TileChannels } from './TileChannels';
import { tileContent } from './tile-content';

/** A word or a name says what it is; a number, a date or a tick does not without its label. */
const SPEAKS_FOR_ITSELF: ReadonlySet<string> = new Set(['text', 'long_text', 'link', 'choice', 'choice_set', 'reference', 'reference_set', 'addresses', 'file']);

export interface TileProps {
  type: ObjectType;
  record: RecordItem;
  /** Counted from zero, in its row. */
  column: number;
  mostChannels: number;
  isActive: boolean;
  isSelected: boolean;
  isOpen: boolean;
  listSearch: ListSearch;
  onPress: () => void;
  onOpen: () => void;
  onToggle: () => void;
  /** Pressed with Shift: the ticks reach from where they began to this tile. */
  onReach: () => void;
  onMenu: (place: RowMenuPlace) => void;
}

function isSame(before: TileProps, after: TileProps): boolean {
  return (
    before.type === after.type &&
    before.record === after.record &&
    before.column === after.column &&
    before.mostChannels === after.mostChannels &&
    before.isActive === after.isActive &&
    before.isSelected === after.isSelected &&
    before.isOpen === after.isOpen &&
    before.listSearch === after.listSearch
  );
}

/** A plain press beside the links and the tick, not the end of marking a text. */
function isForTile(event: MouseEvent<HTMLElement>): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || !event.currentTarget.contains(event.target as Node)) return false;
  return (event.target as Element).closest('a, button, label') === null && window.getSelection()?.type !== 'Range';
}

/** A record as a card of few words: who it is and how to reach them. */
export const Tile = memo(function Tile({
  type,
  record,
  column,
  mostChannels,
  isActive,
  isSelected,
  isOpen,
  listSearch,
  onPress,
  onOpen,
  onToggle,
  onReach,
  onMenu,
}: TileProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { lines, channels, hidden } = tileContent(type, record, mostChannels);
  return (
    <div
      id={`row-${record.id}`}
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={isSelected}
      className={classNames(styles.tile, isActive && styles.activeTile, isSelected && styles.selectedTile, isOpen && styles.openTile)}
      {...onShiftPress(onReach)}
      onMouseDown={onPress}
      onClick={(event) => {
        if (isForTile(event)) onOpen();
      }}
    >
      <div className={styles.head}>
        <TitleLink
          type={type}
          record={record}
          listSearch={listSearch}
          avatarSize="medium"
          className={styles.title}
          textClassName={styles.titleText}
        />
        {lines.map((field) => {
          const { Display } = fieldKind(field.kind);
          const label = format.label(field.labels);
          return (
            <span key={field.name} className={styles.line} title={label}>
              <span className={SPEAKS_FOR_ITSELF.has(field.kind) ? styles.silentLabel : styles.label}>{label} </span>
              <span className={styles.value}>
                <Display field={field} value={cellValue(record, field.name)} isCompact />
              </span>
            </span>
          );
        })}
      </div>
      {channels.length > 0 && <TileChannels channels={channels} hidden={hidden} />}
      <Checkbox
        className={styles.tick}
        aria-label={t('select_row', { name: record.title })}
        tabIndex={-1}
        isChecked={isSelected}
        onChange={onToggle}
      />
      <RowMenuButton record={record} className={styles.menu} onMenu={onMenu} />
    </div>
  );
}, isSame);
