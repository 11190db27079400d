import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Checkbox } from '@/ui/Checkbox';
import { classNames } from '@/util/class-names';
import { DoneTick } from '../done/DoneTick';
import { RecordValue } from '../done/RecordValue';
import { CellEditor } from './lazy-parts';
import { canEditCell } from './cell-place';
import type { Column } from './columns';
import type { ListSearch } from './list-search';
import { NarrowRow } from './NarrowRow';
import type { RowMenuPlace } from './row-menu-place';
import { RowMenuButton } from './RowMenuButton';
import { onShiftPress } from './shift-press';
import styles from './RecordTable.module.css';
import { TitleLink } from './TitleLink';

export interface TableRowProps {
  type: ObjectType;
  record: RecordItem;
  columns: readonly Column[];
  /** Two lines instead of columns. */
  isNarrow: boolean;
  index: number;
  /** Pixels from the first row. */
  top: number;
  isActive: boolean;
  activeColumn: number | null;
  isSelected: boolean;
  isOpen: boolean;
  /** Names of the fields that are being edited, with a space between. */
  editingFields: string;
  listSearch: ListSearch;
  onPress: (column: number) => void;
  onToggle: () => void;
  /** Pressed with Shift: the ticks reach from where they began to this row. */
  onReach: () => void;
  onEdit: (fieldName: string) => void;
  onEditEnd: (fieldName: string, hadFocus: boolean) => void;
  onMenu: (place: RowMenuPlace) => void;
}

function isSame(before: TableRowProps, after: TableRowProps): boolean {
  return (
    before.record === after.record &&
    before.columns === after.columns &&
    before.isNarrow === after.isNarrow &&
    before.index === after.index &&
    before.top === after.top &&
    before.isActive === after.isActive &&
    before.activeColumn === after.activeColumn &&
    before.isSelected === after.isSelected &&
    before.isOpen === after.isOpen &&
    before.editingFields === after.editingFields &&
    before.listSearch === after.listSearch
  );
}

export const TableRow = memo(function TableRow({
  type,
  record,
  columns,
  isNarrow,
  index,
  top,
  isActive,
  activeColumn,
  isSelected,
  isOpen,
  editingFields,
  listSearch,
  onPress,
  onToggle,
  onReach,
  onEdit,
  onEditEnd,
  onMenu,
}: TableRowProps) {
  const { t } = useTranslation('records');
  const edited = editingFields.split(' ');
  return (
    <div
      id={`row-${record.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(styles.row, isActive && styles.activeRow, (isSelected || isOpen) && styles.selectedRow)}
      style={{ transform: `translateY(${top}px)` }}
      {...onShiftPress(onReach)}
    >
      {isNarrow ? (
        <NarrowRow type={type} record={record} columns={columns} isSelected={isSelected} listSearch={listSearch} onToggle={onToggle} />
      ) : (
        <>
          <div role="gridcell" className={classNames(styles.cell, styles.tickCell)}>
            <Checkbox aria-label={t('select_row', { name: record.title })} tabIndex={-1} isChecked={isSelected} onChange={onToggle} />
          </div>
          {columns.map((column, columnIndex) => {
            const { field } = column;
            const kind = fieldKind(field.kind);
            const isFirst = columnIndex === 0;
            const canEdit = canEditCell(record, field);
            return (
              <div
                key={field.name}
                role="gridcell"
                aria-colindex={columnIndex + 2}
                className={classNames(
                  styles.cell,
                  isFirst && styles.firstCell,
                  kind.isNumeric && styles.numeric,
                  activeColumn === columnIndex && columnIndex > 0 && styles.activeCell,
                )}
                onMouseDown={() => onPress(columnIndex)}
                onDoubleClick={() => canEdit && onEdit(field.name)}
              >
                {edited.includes(field.name) && canEdit ? (
                  <CellEditor type={type} record={record} field={field} onEnd={(hadFocus) => onEditEnd(field.name, hadFocus)} />
                ) : isFirst ? (
                  <>
                    <DoneTick type={type} record={record} isOutOfTabOrder />
                    <TitleLink type={type} record={record} listSearch={listSearch} className={styles.title} textClassName={styles.titleText} />
                    <RowMenuButton record={record} className={styles.rowMenu} onMenu={onMenu} />
                  </>
                ) : (
                  <RecordValue type={type} field={field} record={record} isCompact />
                )}
              </div>
            );
          })}
          <div role="presentation" className={classNames(styles.cell, styles.filler)} />
        </>
      )}
    </div>
  );
}, isSame);
