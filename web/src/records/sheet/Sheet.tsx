import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { isTyping } from '@/ui/use-shortcuts';
import { findCursor, placeAt, withEdited, type CursorPlace } from '../list/cell-place';
import { cellValue } from '../list/cell-value';
import { withWidth } from '../list/columns';
import { sectionValues } from '../form/draft';
import { ListEnd } from '../list/ListEnd';
import { placeOf, rememberPlace } from '../list/list-place';
import type { RecordTableProps } from '../list/RecordTable';
import tableStyles from '../list/RecordTable.module.css';
import { placeAtTitle, placeUnderPointer } from '../list/row-menu-place';
import { TableHead } from '../list/TableHead';
import type { Cursor } from '../list/use-grid-keys';
import { useRowHeight } from '../list/use-row-height';
import { useTakesKeys } from '../list/use-takes-keys';
import { cellText, readCell } from './cell-text';
import { cellKey, pasteBounds, planPaste, type Clip } from './paste-plan';
import { boundsOf, isWithin, moveCell, nextCell, type Bounds } from './range';
import { cellId, SheetRow, type CellEditing } from './SheetRow';
import { SheetStatus } from './SheetStatus';
import { mayEdit } from '../may-edit';
import styles from './Sheet.module.css';
import { useClipboard } from './use-clipboard';
import { useNewRows } from './use-new-rows';
import { useSheetEdits } from './use-sheet-edits';

/** Pages are asked for this many rows before the end comes into sight. */
const LOAD_AHEAD = 40;

/** What a cell can take is decided by its kind; blocks with parts of their own need the card. */
const EDITING: Partial<Record<Field['kind'], CellEditing>> = {
  text: 'text',
  number: 'text',
  money: 'text',
  date: 'text',
  date_time: 'text',
  link: 'text',
  channels: 'text',
  choice_set: 'text',
  reference_set: 'text',
  long_text: 'input',
  checkbox: 'input',
  choice: 'input',
  reference: 'input',
};

function canWriteStored(record: RecordItem, field: Field): boolean {
  return mayEdit(record, field) && EDITING[field.kind] !== undefined;
}

/** A row that is no record yet takes texts alone; its name is taken apart by the server. */
function canWriteNew(type: ObjectType, field: Field): boolean {
  return field.name === type.title_field || (field.access === 'write' && !field.is_read_only && EDITING[field.kind] !== undefined);
}

interface RangePlaces {
  from: CursorPlace;
  to: CursorPlace;
}

/** The list as a spreadsheet: ranges, copy and paste from and to other programs, fill; each paste or fill is one operation with one undo. */
export function Sheet(props: RecordTableProps) {
  const { type, label, state, records: stored, selection, isCapped, hasMore, isLoadingMore, hasFailedMore, onLoadMore, loadUpTo, onMenu } = props;
  const { t } = useTranslation('records');
  const format = useFormat();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const { columns, search, change } = state;
  const section = type.sections.find((candidate) => candidate.key === search.section);
  const newRows = useNewRows(type, !hasMore && type.permissions.create, sectionValues(section), stored);
  const records = useMemo(() => [...stored, ...newRows.rows], [stored, newRows.rows]);
  const canWrite = useCallback(
    (record: RecordItem, field: Field) => (record.id < 0 ? canWriteNew(type, field) : canWriteStored(record, field)),
    [type],
  );
  const [left] = useState(() => placeOf(type.name, search));
  const [places, setPlaces] = useState<RangePlaces>(() => {
    const place = { id: left.id, field: null, row: 0 };
    return { from: place, to: place };
  });
  const [editing, setEditing] = useState<{ id: number; field: string; how: CellEditing; text: string } | null>(null);
  const [fillTo, setFillTo] = useState<number | null>(null);
  const [dragged, setDragged] = useState<{ name: string; width: number } | null>(null);
  const shownRecords = useRef(records);
  shownRecords.current = records;
  const valueOf = useCallback((id: number, field: string) => {
    const record = shownRecords.current.find((candidate) => candidate.id === id);
    return valueText(record, field);
  }, []);
  const edits = useSheetEdits(type, valueOf, newRows);

  const range = { from: findCursor(places.from, records, columns), to: findCursor(places.to, records, columns) };
  const bounds = boundsOf(range);
  const filled: Bounds = fillTo === null ? bounds : { ...bounds, bottom: Math.max(bounds.bottom, fillTo) };
  const size = { rows: records.length, columns: columns.length, page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2) };

  const editingNow = useRef(editing);
  editingNow.current = editing;
  // Its record has left the list: the cell has told what was typed, and nothing is edited any more.
  if (editing !== null && !records.some((record) => record.id === editing.id)) setEditing(null);

  // Mended on the card, or by somebody else: what stands there now is shown.
  const refused = useMemo(() => {
    const byId = new Map(records.map((record) => [record.id, record]));
    return new Map([...edits.refused].filter(([, cell]) => !byId.has(cell.id) || cell.isConflict || valueText(byId.get(cell.id), cell.field) === cell.base));
  }, [edits.refused, records]);
  const pending = useMemo(() => new Map([...newRows.texts, ...edits.pending]), [newRows.texts, edits.pending]);

  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => records[index]?.id ?? index,
    rangeExtractor: (range) => withEdited(defaultRangeExtractor(range), editing === null ? [] : [editing], records),
    initialOffset: left.offset,
    overscan: 12,
    scrollPaddingStart: 36,
    scrollPaddingEnd: 48,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const lastSeen = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastSeen > stored.length - LOAD_AHEAD) onLoadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, lastSeen, stored.length, onLoadMore]);
  useEffect(() => {
    if (places.to.id !== null && places.to.id > 0) rememberPlace(type.name, search, { id: places.to.id });
  }, [type.name, search, places.to.id]);

  useTakesKeys(scroller, '[role=grid]', type.name, search);

  // The rows are drawn from what stood there last, so that they stay the same functions.
  const latest = useRef({ records, columns, bounds, filled, range });
  latest.current = { records, columns, bounds, filled, range };

  const put = useCallback((from: Cursor, to: Cursor) => {
    const { records: rows, columns: shown } = latest.current;
    setPlaces({ from: placeAt(from, rows, shown), to: placeAt(to, rows, shown) });
  }, []);

  const go = useCallback(
    (to: Cursor, isReaching: boolean) => {
      put(isReaching ? latest.current.range.from : to, to);
      virtualizer.scrollToIndex(to.row);
      showColumn(scroller.current, latest.current.columns, to.column);
    },
    [put, virtualizer],
  );

  const press = useCallback(
    (row: number, column: number, isReaching: boolean) => {
      put(isReaching ? latest.current.range.from : { row, column }, { row, column });
      grid.current?.focus({ preventScroll: true });
    },
    [put],
  );
  const isFilling = useRef(false);
  const reach = useCallback(
    (row: number, column: number) => {
      if (isFilling.current) setFillTo(row);
      else put(latest.current.range.from, { row, column });
    },
    [put],
  );

  function start(cursor: Cursor, text: string | null): void {
    const record = records[cursor.row];
    const field = columns[cursor.column]?.field;
    if (record === undefined || field === undefined) return;
    if (!canWrite(record, field)) {
      showToast(t(field.kind === 'addresses' || field.kind === 'file' ? 'sheet.on_card' : 'sheet.locked', { count: 1 }));
      return;
    }
    const how = record.id < 0 ? 'text' : (EDITING[field.kind] ?? 'text');
    const key = cellKey(record.id, field.name);
    const before = refused.get(key)?.text ?? pending.get(key) ?? cellText(cellValue(record, field.name), field, format);
    setEditing({ id: record.id, field: field.name, how, text: text ?? before });
  }
  const startAt = useRef(start);
  startAt.current = start;
  const edit = useCallback((row: number, column: number) => startAt.current({ row, column }, null), []);

  const { write, forgive } = edits;
  const endEdit = useCallback(
    (record: RecordItem, field: Field, text: string | null, move: 'down' | 'right' | 'left' | null) => {
      // A late answer of one cell must not close the next one.
      const isOpen = (now: typeof editing): boolean => now?.id === record.id && now.field === field.name;
      const hadFocus = document.activeElement === null || document.activeElement === document.body || isOpen(editingNow.current);
      setEditing((now) => (isOpen(now) ? null : now));
      const key = cellKey(record.id, field.name);
      if (text !== null && text.trim() !== cellText(cellValue(record, field.name), field, format)) {
        const row = { id: record.id, version: record.version, values: {}, texts: { [field.name]: readCell(text, field, format) } };
        void write({ rows: [row], shown: new Map([[key, text.trim()]]) });
      } else if (text !== null) forgive(key);
      const { to } = latest.current.range;
      const step = move === 'down' ? { row: Math.min(to.row + 1, latest.current.records.length - 1), column: to.column } : null;
      const along = move === 'right' || move === 'left' ? nextCell(to, move === 'left', { rows: latest.current.records.length, columns: latest.current.columns.length, page: 1 }) : null;
      const next = step ?? along;
      if (next !== null) go(next, false);
      if (hadFocus && (move !== null || text === null)) grid.current?.focus({ preventScroll: true });
    },
    [format, write, forgive, go],
  );

  const readClip = useCallback(
    (of: Bounds): Clip => {
      const { records: rows, columns: shown } = latest.current;
      const chosen = shown.slice(of.left, of.right + 1);
      return {
        fields: chosen.map((column) => column.field.name),
        cells: rows.slice(of.top, of.bottom + 1).map((record) =>
          chosen.map(({ field }) => {
            const value = cellValue(record, field.name);
            return { text: cellText(value, field, format), value };
          }),
        ),
      };
    },
    [format],
  );

  async function paste(clip: Clip, target: Bounds): Promise<void> {
    const asked = pasteBounds(clip, target);
    const corner = records[asked.top]?.id;
    const isBeyond = asked.bottom >= records.length;
    const loaded = isBeyond && hasMore ? await loadUpTo(asked.bottom + 1) : records;
    // Below the last row begin new records, one for each further row of the clip.
    const rows = isBeyond && !hasMore && type.permissions.create ? [...loaded, ...newRows.grow(asked.bottom + 1 - loaded.length)] : loaded;
    // While rows were loaded somebody may have moved them: it is the record of the corner that is meant, not its number.
    const top = rows.findIndex((record) => record.id === corner);
    if (top === -1) {
      showToast(t('sheet.moved'), { tone: 'error' });
      return;
    }
    const wanted = { ...asked, top, bottom: asked.bottom + top - asked.top };
    const plan = planPaste(clip, wanted, rows, columns, canWrite, (text, field) => readCell(text, field, format));
    if (plan.rows.length === 0) {
      showToast(t('sheet.locked', { count: plan.locked }), { tone: 'error' });
      return;
    }
    setPlaces({
      from: placeAt({ row: plan.bounds.top, column: plan.bounds.left }, rows, columns),
      to: placeAt({ row: plan.bounds.bottom, column: plan.bounds.right }, rows, columns),
    });
    const notes = [
      plan.lostRows > 0 && t('sheet.lost_rows', { count: plan.lostRows }),
      plan.lostColumns > 0 && t('sheet.lost_columns', { count: plan.lostColumns }),
      plan.locked > 0 && t('sheet.locked', { count: plan.locked }),
    ].filter((note) => note !== false);
    await write(plan, notes.length === 0 ? undefined : notes.join(' '));
  }

  function clear(): void {
    const empty = { text: '' };
    const chosen = columns.slice(bounds.left, bounds.right + 1).map(() => empty);
    void paste({ cells: [chosen], fields: null }, bounds);
  }

  /** The first row or column of the range goes into the others. */
  function fill(direction: 'down' | 'right', target: Bounds): void {
    const source = direction === 'down' ? { ...target, bottom: target.top } : { ...target, right: target.left };
    if (target.bottom === target.top && direction === 'down') return;
    if (target.right === target.left && direction === 'right') return;
    void paste(readClip(source), target);
  }

  function endFill(): void {
    isFilling.current = false;
    if (fillTo !== null && fillTo > bounds.bottom) {
      const clip = readClip(bounds);
      // The whole range is repeated below, as far as the handle was drawn.
      const below = { ...bounds, top: bounds.bottom + 1, bottom: fillTo };
      const height = below.bottom - below.top + 1;
      const cells = Array.from({ length: height }, (_, at) => clip.cells[at % clip.cells.length] ?? []);
      void paste({ ...clip, cells }, below);
    }
    setFillTo(null);
  }
  const finishFill = useRef(endFill);
  finishFill.current = endFill;
  const startFill = useCallback(() => {
    isFilling.current = true;
    window.addEventListener('mouseup', () => finishFill.current(), { once: true });
  }, []);

  const clipboard = useClipboard({
    read: () => (editing === null && records.length > 0 && !isTyping(document.activeElement) ? readClip(bounds) : null),
    onCopied: ({ cells }) => showToast(t('sheet.copied', { count: cells.reduce((sum, row) => sum + row.length, 0) })),
    onCut: clear,
    onPaste: (clip) => void paste(clip, bounds),
  });

  function handleKey(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.nativeEvent.isComposing || event.target !== event.currentTarget) return;
    const isMod = event.metaKey || event.ctrlKey;
    const record = records[range.to.row];
    const take = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    const moved = event.altKey ? null : moveCell(event.key, isMod, range.to, size);
    if (moved !== null) {
      take();
      go(moved, event.shiftKey);
    } else if (event.key === 'Tab' && !isMod) {
      const next = nextCell(range.to, event.shiftKey, size);
      if (next === null) return;
      take();
      go(next, false);
    } else if (isMod && event.code === 'KeyA') {
      take();
      put({ row: 0, column: 0 }, { row: size.rows - 1, column: size.columns - 1 });
    } else if (isMod && event.code === 'KeyD') {
      take();
      fill('down', bounds);
    } else if (isMod && event.code === 'KeyR') {
      take();
      fill('right', bounds);
    } else if (isMod && event.code === 'KeyZ' && !event.shiftKey) {
      take();
      edits.undoLast();
    } else if (isMod && event.key === 'Enter' && record !== undefined && record.id > 0) {
      take();
      change({ open: record.id });
    } else if (event.key === 'Escape') {
      take();
      if (search.open !== undefined) change({ open: undefined });
      else put(range.to, range.to);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      take();
      clear();
    } else if ((event.key === 'Enter' || event.key === 'F2') && !isMod) {
      take();
      start(range.to, null);
    } else if (record !== undefined && record.id > 0 && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      take();
      const at = placeAtTitle(record.id);
      if (at !== null) onMenu(at);
    } else if (event.key === ' ' && event.shiftKey && record !== undefined && record.id > 0) {
      take();
      selection.toggle(record.id);
    } else if (event.key.length === 1 && !isMod && !event.altKey) {
      event.stopPropagation();
      // The letter itself is not taken: it lands in the cell, which has the focus by then.
      flushSync(() => start(range.to, ''));
    }
  }

  const shownColumns = dragged === null ? columns : withWidth(columns, dragged.name, dragged.width);
  const gridStyle: CSSProperties & Record<'--columns', string> = {
    '--columns': `40px ${shownColumns.map((column) => `${column.width}px`).join(' ')} minmax(0, 1fr)`,
    minWidth: 40 + shownColumns.reduce((sum, column) => sum + column.width, 0),
  };
  const active = records[range.to.row];
  const activeField = columns[range.to.column]?.field;
  const { toggle } = selection;
  const toggleRow = useRef(toggle);
  toggleRow.current = toggle;
  const onToggle = useCallback((id: number) => toggleRow.current(id), []);
  const refusedCells = useMemo(() => [...refused.values()], [refused]);

  return (
    <div className={styles.frame}>
      <div ref={scroller} className={styles.scroller} onScroll={(event) => rememberPlace(type.name, search, { offset: event.currentTarget.scrollTop })}>
        <div
          ref={grid}
          role="grid"
          aria-label={label}
          aria-rowcount={hasMore ? -1 : records.length + 1}
          aria-colcount={columns.length + 1}
          aria-multiselectable="true"
          aria-activedescendant={active === undefined || activeField === undefined ? undefined : cellId(active.id, activeField.name)}
          tabIndex={0}
          className={styles.grid}
          style={gridStyle}
          onKeyDown={handleKey}
          onCopy={clipboard.onCopy}
          onCut={clipboard.onCut}
          onPaste={clipboard.onPaste}
          onContextMenu={(event) => {
            const at = placeUnderPointer(event);
            if (at === null) return;
            event.preventDefault();
            onMenu(at);
          }}
        >
          <TableHead type={type} state={state} records={stored} selection={selection} isNarrow={false} onDrag={setDragged} />
          <div role="rowgroup" className={tableStyles.rows} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((row) => {
              const record = records[row.index];
              if (record === undefined) return null;
              const isChosen = isWithin(filled, row.index, filled.left);
              return (
                <SheetRow
                  key={record.id}
                  type={type}
                  record={record}
                  columns={columns}
                  index={row.index}
                  top={row.start}
                  chosenLeft={isChosen ? filled.left : null}
                  chosenRight={isChosen ? filled.right : null}
                  isBottom={row.index === filled.bottom}
                  activeColumn={row.index === range.to.row ? range.to.column : null}
                  isFilling={fillTo !== null && row.index > bounds.bottom}
                  editing={editing?.id === record.id ? editing : null}
                  isSelected={selection.has(record.id)}
                  pending={pending}
                  refused={refused}
                  listSearch={search}
                  canWrite={canWrite}
                  onPress={press}
                  onReach={reach}
                  onEdit={edit}
                  onEditEnd={endEdit}
                  onFillStart={startFill}
                  onToggle={onToggle}
                />
              );
            })}
          </div>
        </div>
        <ListEnd isCapped={isCapped} hasMore={hasMore} hasFailedMore={hasFailedMore} onLoadMore={onLoadMore} />
      </div>
      <SheetStatus
        type={type}
        records={records}
        columns={columns}
        bounds={bounds}
        refused={refusedCells}
        onShow={({ id, field }) => {
          const row = records.findIndex((candidate) => candidate.id === id);
          const column = columns.findIndex((candidate) => candidate.field.name === field);
          if (row === -1 || column === -1) return;
          go({ row, column }, false);
          grid.current?.focus({ preventScroll: true });
        }}
        onForgive={() => {
          forgive();
          newRows.drop();
        }}
        onMine={({ id, field: name, text }) => {
          const record = records.find((candidate) => candidate.id === id);
          const field = columns.find((candidate) => candidate.field.name === name)?.field;
          if (record === undefined || field === undefined) return;
          const row = { id, version: record.version, values: {}, texts: { [name]: readCell(text, field, format) } };
          void write({ rows: [row], shown: new Map([[cellKey(id, name), text]]) });
        }}
        onTheirs={({ id, field }) => forgive(cellKey(id, field))}
      />
    </div>
  );
}

/** What stands in a cell, to be compared. */
function valueText(record: RecordItem | undefined, field: string): string {
  return record === undefined ? '' : JSON.stringify(cellValue(record, field) ?? null);
}

/** Scrolls sideways until a column stands beside the first one, which stays in place. */
function showColumn(scroller: HTMLElement | null, columns: readonly { width: number }[], column: number): void {
  if (scroller === null || column === 0) return;
  const sticky = 40 + (columns[0]?.width ?? 0);
  const start = 40 + columns.slice(0, column).reduce((sum, { width }) => sum + width, 0);
  const end = start + (columns[column]?.width ?? 0);
  if (start - scroller.scrollLeft < sticky) scroller.scrollLeft = start - sticky;
  else if (end - scroller.scrollLeft > scroller.clientWidth) scroller.scrollLeft = end - scroller.clientWidth;
}
