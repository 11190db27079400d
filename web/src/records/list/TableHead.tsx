import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { Checkbox } from '@/ui/Checkbox';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { whenQuiet } from '@/util/when-quiet';
import { MAX_WIDTH, MIN_WIDTH, moveColumn, withWidth, writeColumns, type Column } from './columns';
import styles from './RecordTable.module.css';
import { parseSort, toggleSort } from './sort';
import type { ListState } from './use-list-state';
import type { Selection } from './use-selection';

export interface TableHeadProps {
  type: ObjectType;
  state: ListState;
  records: readonly RecordItem[];
  selection: Selection;
  /** Only the title has a head; sorting by the rest is in the list of columns. */
  isNarrow: boolean;
  /** A column is being dragged to a width; null when it was let go. */
  onDrag: (dragged: { name: string; width: number } | null) => void;
}

export function TableHead({ type, state, records, selection, isNarrow, onDrag }: TableHeadProps) {
  const { t } = useTranslation('records');
  const { columns, change } = state;
  const isAll = selection.isAllMatching || (records.length > 0 && records.every((record) => selection.has(record.id)));

  function put(next: readonly Column[]): void {
    change({ columns: writeColumns(type, next) }, { replace: true });
  }

  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" className={styles.headRow} aria-rowindex={1}>
        <div role="columnheader" aria-label={t('selection')} className={classNames(styles.headCell, styles.tickCell)}>
          <Checkbox
            aria-label={t('select_all_loaded')}
            isChecked={isAll}
            isMixed={!isAll && selection.ids.size > 0}
            onChange={(isOn) => (isOn ? selection.set(records.map((record) => record.id)) : selection.clear())}
          />
        </div>
        {(isNarrow ? columns.slice(0, 1) : columns).map((column, index) => (
          <HeadCell
            key={column.field.name}
            column={column}
            isFirst={index === 0}
            sort={state.search.sort ?? type.default_sort}
            onSort={(sort) => change({ sort: sort === type.default_sort ? undefined : sort })}
            onDrag={(width) => onDrag(width === null ? null : { name: column.field.name, width })}
            onResize={(width) => put(withWidth(columns, column.field.name, width))}
            onDrop={(name) => put(moveColumn(columns, name, column.field.name))}
          />
        ))}
        {!isNarrow && <div role="presentation" className={classNames(styles.headCell, styles.filler)} />}
      </div>
    </div>
  );
}

interface HeadCellProps {
  column: Column;
  isFirst: boolean;
  sort: string;
  onSort: (sort: string) => void;
  /** The width while the edge is held; null when it is let go. */
  onDrag: (width: number | null) => void;
  onResize: (width: number) => void;
  /** Another column was dropped before this one. */
  onDrop: (name: string) => void;
}

function HeadCell({ column, isFirst, sort, onSort, onDrag, onResize, onDrop }: HeadCellProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const cell = useRef<HTMLDivElement>(null);
  const [isTarget, setIsTarget] = useState(false);
  const { field } = column;
  const key = parseSort(sort).find((candidate) => candidate.name === field.name);
  const label = format.label(field.labels);
  const dropHandler = useRef(onDrop);
  useEffect(() => {
    dropHandler.current = onDrop;
  });

  useEffect(() => {
    const element = cell.current;
    if (element === null) return;
    let stop: (() => void) | undefined;
    let isGone = false;
    // Dragging takes a library of its own, which the first look at a list does without.
    void whenQuiet().then(() => import('./column-drag')).then(({ dragColumn }) => {
      if (isGone) return;
      stop = dragColumn(element, {
        name: field.name,
        isFixed: isFirst,
        onOver: setIsTarget,
        onDrop: (name) => dropHandler.current(name),
      });
    });
    return () => {
      isGone = true;
      stop?.();
    };
  }, [field.name, isFirst]);

  const content = (
    <>
      <span className={styles.headText}>{label}</span>
      {key !== undefined && (key.isDescending ? <IconArrowDown size={14} aria-hidden="true" /> : <IconArrowUp size={14} aria-hidden="true" />)}
    </>
  );
  return (
    <div
      ref={cell}
      role="columnheader"
      aria-sort={key === undefined ? undefined : key.isDescending ? 'descending' : 'ascending'}
      className={classNames(
        styles.headCell,
        isFirst && styles.firstCell,
        isTarget && styles.dropTarget,
        fieldKind(field.kind).isNumeric && styles.numeric,
      )}
    >
      {field.is_sortable ? (
        <button type="button" className={styles.headButton} title={t('sort_by', { name: label })} onClick={() => onSort(toggleSort(sort, field.name))}>
          {content}
        </button>
      ) : (
        <span className={styles.headButton} title={label}>
          {content}
        </span>
      )}
      <ResizeHandle width={column.width} onDrag={onDrag} onResize={onResize} />
    </div>
  );
}

/** Drags the right edge of a column; widths by keyboard are in the list of columns. */
function ResizeHandle({ width, onDrag, onResize }: Pick<HeadCellProps, 'onDrag' | 'onResize'> & { width: number }) {
  const start = useRef<{ x: number; width: number } | null>(null);

  function widthAt(event: PointerEvent): number {
    const from = start.current ?? { x: event.clientX, width };
    return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, from.width + event.clientX - from.x));
  }

  return (
    <span
      aria-hidden="true"
      className={styles.resize}
      draggable={false}
      onPointerDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (start.current !== null) onDrag(widthAt(event));
      }}
      onPointerUp={(event) => {
        if (start.current !== null) onResize(widthAt(event));
        start.current = null;
        onDrag(null);
      }}
      onPointerCancel={() => {
        start.current = null;
        onDrag(null);
      }}
    />
  );
}
