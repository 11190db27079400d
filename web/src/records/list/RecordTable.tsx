import { useNavigate } from '@tanstack/react-router';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type CSSProperties } from 'react';
import type { ObjectType, RecordItem } from '@/api/types';
import { useNarrow } from '@/ui/use-narrow';
import { paths } from '../paths';
import { canEditCell, findCursor, isSamePlace, placeAt, withEdited, type CellPlace, type CursorPlace } from './cell-place';
import { withWidth } from './columns';
import { ListEnd } from './ListEnd';
import { placeOf, rememberPlace } from './list-place';
import { placeAtTitle, placeUnderPointer, type RowMenuPlace } from './row-menu-place';
import styles from './RecordTable.module.css';
import { TableHead } from './TableHead';
import { TableRow } from './TableRow';
import { useGridKeys } from './use-grid-keys';
import { useTakesKeys } from './use-takes-keys';
import { useRowHeight } from './use-row-height';
import type { ListState } from './use-list-state';
import type { Selection } from './use-selection';

/** Pages are asked for this many rows before the end comes into sight. */
const LOAD_AHEAD = 40;

export interface RecordTableProps {
  type: ObjectType;
  label: string;
  state: ListState;
  records: readonly RecordItem[];
  selection: Selection;
  /** The search found more than the list can show. */
  isCapped: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  hasFailedMore: boolean;
  onLoadMore: () => void;
  /** Loads rows until there are so many, or no more; answers those that are loaded then. */
  loadUpTo: (count: number) => Promise<readonly RecordItem[]>;
  /** A letter typed on the table starts the search. */
  onStartSearch: () => void;
  /** The menu of a row is asked for. */
  onMenu: (place: RowMenuPlace) => void;
}

/** The fields of a record that are being edited, as one text, so that rows compare it at a glance. */
function fieldsOf(editing: readonly CellPlace[], id: number): string {
  return editing
    .filter((place) => place.id === id)
    .map((place) => place.field)
    .join(' ');
}

/** The table of a list: only the rows in sight exist, the head and the first column stay in place. */
export function RecordTable(props: RecordTableProps) {
  const { type, label, state, records, selection, isCapped, hasMore, isLoadingMore, hasFailedMore, onLoadMore, onStartSearch, onMenu } = props;
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const rowHeight = useRowHeight();
  const { columns, change, search } = state;
  const [left] = useState(() => placeOf(type.name, search));
  const [place, setPlace] = useState<CursorPlace>({ id: left.id, field: null, row: 0 });
  // A cell that waits for the server stays open beside the next one: refused, it still has what was typed.
  const [editing, setEditing] = useState<readonly CellPlace[]>([]);
  const [dragged, setDragged] = useState<{ name: string; width: number } | null>(null);
  const cursor = findCursor(place, records, columns);

  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => records[index]?.id ?? index,
    rangeExtractor: (range) => withEdited(defaultRangeExtractor(range), editing, records),
    initialOffset: left.offset,
    overscan: 12,
    scrollPaddingStart: 36,
    scrollPaddingEnd: 48,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  const lastSeen = virtualizer.range?.endIndex ?? 0;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastSeen > records.length - LOAD_AHEAD) onLoadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, lastSeen, records.length, onLoadMore]);

  // The card may have walked on: its record comes into sight, unless it is there already.
  useEffect(() => {
    const row = records.findIndex((record) => record.id === left.id);
    if (row !== -1) virtualizer.scrollToIndex(row);
    // Only on coming back; later the list scrolls as the person does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useTakesKeys(scroller, '[role=grid]', type.name, search);
  useEffect(() => {
    if (place.id !== null) rememberPlace(type.name, search, { id: place.id });
  }, [type.name, search, place.id]);

  function edit(next: CellPlace): void {
    setEditing((before) => [...before.filter((other) => !isSamePlace(other, next)), next]);
  }

  const openPanel = useCallback((id: number, isReplacing: boolean) => change({ open: id }, { replace: isReplacing }), [change]);
  const openPage = useCallback(
    (id: number) => void navigate(paths.card(type.name, id, { ...search, open: undefined })),
    [navigate, type.name, search],
  );

  const handleKey = useGridKeys({
    cursor,
    records,
    columnCount: columns.length,
    pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2),
    selection,
    openId: search.open,
    onMove: (next) => {
      setPlace(placeAt(next, records, columns));
      virtualizer.scrollToIndex(next.row);
      const record = records[next.row];
      if (search.open !== undefined && record !== undefined) openPanel(record.id, true);
    },
    onOpenPanel: (record) => openPanel(record.id, search.open !== undefined),
    onOpenPage: (record) => openPage(record.id),
    onClosePanel: () => change({ open: undefined }),
    onEdit: (at) => {
      const record = records[at.row];
      const field = columns[at.column]?.field;
      if (!isNarrow && record !== undefined && field !== undefined && canEditCell(record, field)) edit({ id: record.id, field: field.name });
    },
    onMenu: ({ row }) => {
      virtualizer.scrollToIndex(row);
      const record = records[row];
      // A row that was out of sight is drawn with the next frame.
      requestAnimationFrame(() => {
        const at = record === undefined ? null : placeAtTitle(record.id);
        if (at !== null) onMenu(at);
      });
    },
    onStartSearch,
  });

  // Dragged, a column is wider on the screen only; the address hears of it at the end.
  const shownColumns = dragged === null ? columns : withWidth(columns, dragged.name, dragged.width);
  const gridStyle: CSSProperties & Record<'--columns', string> = isNarrow
    ? { '--columns': '40px minmax(0, 1fr)' }
    : {
        '--columns': `40px ${shownColumns.map((column) => `${column.width}px`).join(' ')} minmax(0, 1fr)`,
        minWidth: 40 + shownColumns.reduce((sum, column) => sum + column.width, 0),
      };
  const active = records[cursor.row];

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      onScroll={(event) => rememberPlace(type.name, search, { offset: event.currentTarget.scrollTop })}
    >
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : records.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        aria-activedescendant={active === undefined ? undefined : `row-${active.id}`}
        tabIndex={0}
        className={styles.grid}
        style={gridStyle}
        onKeyDown={handleKey}
        onContextMenu={(event) => {
          const at = placeUnderPointer(event);
          if (at === null) return;
          event.preventDefault();
          onMenu(at);
        }}
      >
        <TableHead type={type} state={state} records={records} selection={selection} isNarrow={isNarrow} onDrag={setDragged} />
        <div role="rowgroup" className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row) => {
            const record = records[row.index];
            if (record === undefined) return null;
            return (
              <TableRow
                key={record.id}
                type={type}
                record={record}
                columns={columns}
                isNarrow={isNarrow}
                index={row.index}
                top={row.start}
                isActive={row.index === cursor.row}
                activeColumn={row.index === cursor.row ? cursor.column : null}
                isSelected={selection.has(record.id)}
                isOpen={search.open === record.id}
                editingFields={fieldsOf(editing, record.id)}
                listSearch={search}
                onPress={(column) => {
                  selection.point(record.id);
                  setPlace({ id: record.id, field: columns[column]?.field.name ?? null, row: row.index });
                }}
                onReach={() => {
                  selection.reach(record.id);
                  setPlace({ id: record.id, field: null, row: row.index });
                  scroller.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
                }}
                onToggle={() => selection.toggle(record.id)}
                onMenu={onMenu}
                onEdit={(field) => edit({ id: record.id, field })}
                onEditEnd={(field, hadFocus) => {
                  setEditing((before) => before.filter((other) => !isSamePlace(other, { id: record.id, field })));
                  if (hadFocus) scroller.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
                }}
              />
            );
          })}
        </div>
      </div>
      <ListEnd isCapped={isCapped} hasMore={hasMore} hasFailedMore={hasFailedMore} onLoadMore={onLoadMore} />
    </div>
  );
}
