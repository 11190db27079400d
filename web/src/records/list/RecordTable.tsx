import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { useNarrow } from '@/ui/use-narrow';
import { paths } from '../paths';
import styles from './RecordTable.module.css';
import { TableHead } from './TableHead';
import { TableRow } from './TableRow';
import { useGridKeys, type Cursor } from './use-grid-keys';
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
  hasMore: boolean;
  isLoadingMore: boolean;
  hasFailedMore: boolean;
  onLoadMore: () => void;
  /** A letter typed on the table starts the search. */
  onStartSearch: () => void;
}

/** The table of a list: only the rows in sight exist, the head and the first column stay in place. */
export function RecordTable(props: RecordTableProps) {
  const { type, label, state, records, selection, hasMore, isLoadingMore, hasFailedMore, onLoadMore, onStartSearch } = props;
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const rowHeight = useRowHeight();
  const [cursor, setCursor] = useState<Cursor>({ row: 0, column: 0 });
  const [editing, setEditing] = useState<Cursor | null>(null);
  const { columns, change, search } = state;

  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => records[index]?.id ?? index,
    overscan: 12,
    scrollPaddingStart: 36,
    scrollPaddingEnd: 48,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  const lastSeen = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastSeen > records.length - LOAD_AHEAD) onLoadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, lastSeen, records.length, onLoadMore]);

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
      setCursor(next);
      virtualizer.scrollToIndex(next.row);
      const record = records[next.row];
      if (search.open !== undefined && record !== undefined) openPanel(record.id, true);
    },
    onOpenPanel: (record) => openPanel(record.id, search.open !== undefined),
    onOpenPage: (record) => openPage(record.id),
    onClosePanel: () => change({ open: undefined }),
    onEdit: setEditing,
    onStartSearch,
  });

  const gridStyle: CSSProperties & Record<'--columns', string> = isNarrow
    ? { '--columns': '40px minmax(0, 1fr)' }
    : {
        '--columns': `40px ${columns.map((column) => `${column.width}px`).join(' ')} minmax(0, 1fr)`,
        minWidth: 40 + columns.reduce((sum, column) => sum + column.width, 0),
      };
  const active = records[cursor.row];

  return (
    <div ref={scroller} className={styles.scroller}>
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
      >
        <TableHead type={type} state={state} records={records} selection={selection} isNarrow={isNarrow} />
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
                editingColumn={editing?.row === row.index ? editing.column : null}
                listSearch={search}
                onPress={(column) => setCursor({ row: row.index, column })}
                onToggle={() => selection.toggle(record.id)}
                onEdit={(column) => setEditing({ row: row.index, column })}
                onEditEnd={() => {
                  setEditing(null);
                  scroller.current?.querySelector<HTMLElement>('[role=grid]')?.focus();
                }}
              />
            );
          })}
        </div>
      </div>
      <div className={styles.end}>
        {hasFailedMore ? (
          <Button size="small" onClick={onLoadMore}>
            {t('load_more_failed')}
          </Button>
        ) : hasMore ? (
          <span>{t('loading_more')}</span>
        ) : (
          <span>{t('end_of_list')}</span>
        )}
      </div>
    </div>
  );
}
