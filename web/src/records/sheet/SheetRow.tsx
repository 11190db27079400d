import { memo, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Checkbox } from '@/ui/Checkbox';
import { classNames } from '@/util/class-names';
import { cellValue } from '../list/cell-value';
import type { Column } from '../list/columns';
import { CellEditor } from '../list/CellEditor';
import type { ListSearch } from '../list/list-search';
import tableStyles from '../list/RecordTable.module.css';
import { TitleLink } from '../list/TitleLink';
import { cellKey } from './paste-plan';
import styles from './Sheet.module.css';
import { TextCell } from './TextCell';
import type { RefusedCell } from './use-sheet-edits';

/** How a cell of a field is edited: by the input of its kind, or as a text that the server reads. */
export type CellEditing = 'input' | 'text';

export interface SheetRowProps {
  type: ObjectType;
  record: RecordItem;
  columns: readonly Column[];
  index: number;
  /** Pixels from the first row. */
  top: number;
  /** First and last chosen column; null when the row is outside the range. */
  chosenLeft: number | null;
  chosenRight: number | null;
  /** The last row of the range. */
  isBottom: boolean;
  activeColumn: number | null;
  /** Cells that a fill would reach. */
  isFilling: boolean;
  editing: { field: string; how: CellEditing; text: string } | null;
  isSelected: boolean;
  pending: ReadonlyMap<string, string>;
  refused: ReadonlyMap<string, RefusedCell>;
  listSearch: ListSearch;
  canWrite: (record: RecordItem, field: Field) => boolean;
  onPress: (row: number, column: number, isReaching: boolean) => void;
  onReach: (row: number, column: number) => void;
  onEdit: (row: number, column: number) => void;
  onEditEnd: (record: RecordItem, field: Field, text: string | null, move: 'down' | 'right' | 'left' | null) => void;
  onFillStart: () => void;
  onToggle: (id: number) => void;
}

export function cellId(id: number, field: string): string {
  return `cell-${id}-${field}`;
}

/** A row of the sheet. It is drawn anew only when something of it changed: a range is drawn over many rows. */
export const SheetRow = memo(function SheetRow(props: SheetRowProps) {
  const { type, record, columns, index, top, chosenLeft, chosenRight, isBottom, activeColumn, isFilling, editing, isSelected, pending, refused, listSearch } = props;
  const { canWrite, onPress, onReach, onEdit, onEditEnd, onFillStart, onToggle } = props;
  const { t } = useTranslation('records');

  function press(event: MouseEvent, column: number): void {
    if (event.button !== 0 || (event.target as HTMLElement).closest('a, button, input, select, textarea') !== null) return;
    event.preventDefault();
    onPress(index, column, event.shiftKey);
  }

  return (
    <div
      id={record.id > 0 ? `row-${record.id}` : undefined}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(tableStyles.row, styles.row, isSelected && tableStyles.selectedRow)}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className={classNames(tableStyles.cell, tableStyles.tickCell, styles.cell)}>
        {record.id > 0 && <Checkbox aria-label={t('select_row', { name: record.title })} tabIndex={-1} isChecked={isSelected} onChange={() => onToggle(record.id)} />}
      </div>
      {columns.map(({ field }, column) => {
        const key = cellKey(record.id, field.name);
        const failed = refused.get(key);
        const waiting = pending.get(key);
        const isChosen = chosenLeft !== null && chosenRight !== null && column >= chosenLeft && column <= chosenRight;
        const isActive = activeColumn === column;
        const isEdited = editing?.field === field.name;
        const kind = fieldKind(field.kind);
        const isCorner = isBottom && column === chosenRight;
        return (
          <div
            key={field.name}
            id={cellId(record.id, field.name)}
            role="gridcell"
            aria-colindex={column + 2}
            aria-selected={isChosen}
            aria-readonly={!canWrite(record, field) || undefined}
            aria-invalid={failed !== undefined || undefined}
            title={failed?.message}
            className={classNames(
              tableStyles.cell,
              styles.cell,
              column === 0 && tableStyles.firstCell,
              kind.isNumeric && tableStyles.numeric,
              !canWrite(record, field) && styles.locked,
              isChosen && styles.chosen,
              isActive && styles.active,
              isFilling && isChosen && styles.filling,
              failed !== undefined && styles.refused,
              waiting !== undefined && styles.waiting,
            )}
            onMouseDown={(event) => press(event, column)}
            onMouseEnter={(event) => event.buttons === 1 && onReach(index, column)}
            onDoubleClick={() => onEdit(index, column)}
          >
            {isEdited && editing.how === 'input' ? (
              <CellEditor type={type} record={record} field={field} onEnd={() => onEditEnd(record, field, null, null)} />
            ) : isEdited ? (
              <TextCell field={field} text={editing.text} onEnd={(text, move) => onEditEnd(record, field, text, move)} />
            ) : failed !== undefined || waiting !== undefined ? (
              <span className={styles.text}>{failed?.text ?? waiting}</span>
            ) : column === 0 && record.id < 0 ? (
              <span className={styles.newRow}>{t('sheet.new_row')}</span>
            ) : column === 0 ? (
              <TitleLink type={type} record={record} listSearch={listSearch} className={tableStyles.title} textClassName={tableStyles.titleText} />
            ) : (
              <kind.Display field={field} value={cellValue(record, field.name)} isCompact />
            )}
            {isCorner && editing === null && (
              <span
                aria-hidden="true"
                title={t('sheet.fill')}
                className={styles.handle}
                onMouseDown={(event) => {
                  event.preventDefault();
                  event.stopPropagation();
                  onFillStart();
                }}
              />
            )}
          </div>
        );
      })}
      <div role="presentation" className={classNames(tableStyles.cell, tableStyles.filler)} />
    </div>
  );
});
