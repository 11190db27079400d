import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties } from 'react';
import { useNarrow } from '@/ui/use-narrow';
import { classNames } from '@/util/class-names';
import { findCursor, placeAt, type CursorPlace } from '../list/cell-place';
import { ListEnd } from '../list/ListEnd';
import { placeOf, rememberPlace } from '../list/list-place';
import type { RecordTableProps } from '../list/RecordTable';
import { placeAtTitle, placeUnderPointer } from '../list/row-menu-place';
import { useGridKeys } from '../list/use-grid-keys';
import { useRowHeight } from '../list/use-row-height';
import { paths } from '../paths';
import styles from './RecordTiles.module.css';
import { Tile } from './Tile';
import { tilePlaces } from './tile-content';
import { moveAmongTiles, offsetKeeping, TILE_GAP, tilesPerRow } from './tile-grid';

/** Pages are asked for this many records before the end comes into sight. */
const LOAD_AHEAD = 40;
/** Pixels of a tile besides its lines: borders and the room within them. */
const TILE_FRAME = 26;
const TITLE_LINE = 20;
const VALUE_LINE = 20;
/** Between who it is and how to reach them. */
const CHANNELS_GAP = 8;
const EDGE = { wide: 16, narrow: 12 } as const;

/** The room for tiles beside each other, known before they are drawn. */
function useWidth(): [number, (element: HTMLElement | null) => void] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return [width, setElement];
}

/** The records of a list as tiles, as many beside each other as there is room for. */
export function RecordTiles(props: RecordTableProps) {
  const [width, setFrame] = useWidth();
  return (
    <div ref={setFrame} className={styles.frame}>
      {width > 0 && <TileGrid {...props} width={width} />}
    </div>
  );
}

/** Only the tiles in sight exist; all are of one height. */
function TileGrid(props: RecordTableProps & { width: number }) {
  const { type, label, state, records, selection, isCapped, hasMore, isLoadingMore, hasFailedMore, onLoadMore, onStartSearch, onMenu, width } = props;
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const isDense = useRowHeight() < 36;
  const { change, search } = state;
  const [left] = useState(() => placeOf(type.name, search));
  const [place, setPlace] = useState<CursorPlace>({ id: left.id, field: null, row: 0 });
  const cursor = findCursor(place, records, []);

  const mostChannels = isNarrow ? 2 : 3;
  const channelLine = isNarrow ? 40 : isDense ? 22 : 26;
  const places = tilePlaces(type, mostChannels);
  // Alone in its row a tile is wide enough for most names in one line.
  const headHeight = Math.max(40, (isNarrow ? 1 : 2) * TITLE_LINE + places.lines * VALUE_LINE);
  const tileHeight = TILE_FRAME + headHeight + (places.channels === 0 ? 0 : CHANNELS_GAP + places.channels * channelLine);
  const edge = isNarrow ? EDGE.narrow : EDGE.wide;
  const perRow = tilesPerRow(width - 2 * edge);
  const rowHeight = tileHeight + TILE_GAP;

  const virtualizer = useVirtualizer({
    count: Math.ceil(records.length / perRow),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialOffset: left.offset,
    overscan: 3,
    paddingStart: edge,
    scrollPaddingStart: edge,
    scrollPaddingEnd: TILE_GAP,
  });
  useEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  const lastSeen = ((virtualizer.range?.endIndex ?? 0) + 1) * perRow;

  useEffect(() => {
    if (hasMore && !isLoadingMore && !hasFailedMore && lastSeen > records.length - LOAD_AHEAD) onLoadMore();
  }, [hasMore, isLoadingMore, hasFailedMore, lastSeen, records.length, onLoadMore]);

  function showTile(index: number): void {
    virtualizer.scrollToIndex(Math.floor(index / perRow));
  }

  // The card may have walked on: its record comes into sight, unless it is there already.
  useEffect(() => {
    const index = records.findIndex((record) => record.id === left.id);
    if (index !== -1) showTile(index);
    // Only on coming back; later the list scrolls as the person does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    if (place.id !== null) rememberPlace(type.name, search, { id: place.id });
  }, [type.name, search, place.id]);

  // The panel beside the tiles takes room from them: what one looked at stays where it was on the screen.
  const perRowBefore = useRef(perRow);
  useLayoutEffect(() => {
    const before = perRowBefore.current;
    perRowBefore.current = perRow;
    if (before === perRow) return;
    const height = scroller.current?.clientHeight ?? 0;
    virtualizer.scrollToOffset(offsetKeeping(cursor.row, { offset: virtualizer.scrollOffset ?? 0, height, rowHeight, before, after: perRow }));
  });

  const openPanel = (id: number, isReplacing: boolean): void => change({ open: id }, { replace: isReplacing });
  const focusGrid = (): void => scroller.current?.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });

  const handleKey = useGridKeys({
    cursor,
    records,
    columnCount: 1,
    pageRows: 1,
    selection,
    openId: search.open,
    moveBy: (key, from) => {
      const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight));
      return moveAmongTiles(key, from, { tiles: records.length, perRow, pageRows });
    },
    onMove: (next) => {
      setPlace(placeAt(next, records, []));
      showTile(next.row);
      const record = records[next.row];
      if (search.open !== undefined && record !== undefined) openPanel(record.id, true);
    },
    onOpenPanel: (record) => openPanel(record.id, search.open !== undefined),
    onOpenPage: (record) => void navigate(paths.card(type.name, record.id, { ...search, open: undefined })),
    onClosePanel: () => change({ open: undefined }),
    // A tile has nothing to edit in its place.
    onEdit: () => undefined,
    onMenu: ({ row }) => {
      showTile(row);
      const record = records[row];
      // A tile that was out of sight is drawn with the next frame.
      requestAnimationFrame(() => {
        const at = record === undefined ? null : placeAtTitle(record.id);
        if (at !== null) onMenu(at);
      });
    },
    onStartSearch,
  });

  const active = records[cursor.row];
  const sizes: CSSProperties & Record<`--${string}`, string | number> = {
    '--tile': `${tileHeight}px`,
    '--tile-head': `${headHeight}px`,
    '--tile-channel': `${channelLine}px`,
    '--tile-gap': `${TILE_GAP}px`,
    '--tile-edge': `${edge}px`,
    '--tiles': perRow,
  };

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      onScroll={(event) => rememberPlace(type.name, search, { offset: event.currentTarget.scrollTop })}
    >
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : Math.ceil(records.length / perRow)}
        aria-colcount={perRow}
        aria-multiselectable="true"
        aria-activedescendant={active === undefined ? undefined : `row-${active.id}`}
        tabIndex={0}
        className={classNames(styles.grid, selection.ids.size > 0 && styles.selecting)}
        style={{ ...sizes, height: virtualizer.getTotalSize() }}
        onKeyDown={handleKey}
        onContextMenu={(event) => {
          const at = placeUnderPointer(event);
          if (at === null) return;
          event.preventDefault();
          onMenu(at);
        }}
      >
        {rows.map((row) => (
          <div key={row.key} role="row" aria-rowindex={row.index + 1} className={styles.row} style={{ transform: `translateY(${row.start}px)` }}>
            {records.slice(row.index * perRow, (row.index + 1) * perRow).map((record, column) => (
              <Tile
                key={record.id}
                type={type}
                record={record}
                column={column}
                mostChannels={mostChannels}
                isActive={record === active}
                isSelected={selection.has(record.id)}
                isOpen={search.open === record.id}
                listSearch={search}
                onPress={() => {
                  selection.point(record.id);
                  setPlace({ id: record.id, field: null, row: row.index * perRow + column });
                }}
                onOpen={() => openPanel(record.id, search.open !== undefined)}
                onReach={() => {
                  selection.reach(record.id);
                  setPlace({ id: record.id, field: null, row: row.index * perRow + column });
                  focusGrid();
                }}
                onToggle={() => selection.toggle(record.id)}
                onMenu={onMenu}
              />
            ))}
          </div>
        ))}
      </div>
      <ListEnd isCapped={isCapped} hasMore={hasMore} hasFailedMore={hasFailedMore} onLoadMore={onLoadMore} />
    </div>
  );
}
