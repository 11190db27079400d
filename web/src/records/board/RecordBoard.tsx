import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { boardQuery, boardTallyQuery, useBoard, type BoardPage, type BoardQuery } from '@/api/boards';
import { useErrorText } from '@/api/errors';
import { recordFiguresQuery, type RecordFigure } from '@/api/figures';
import { useMay } from '@/api/session';
import type { Field, ObjectType, RecordCount, RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { lazyPart } from '@/ui/lazy-part';
import type { MenuItem } from '@/ui/Menu';
import { Skeleton } from '@/ui/Skeleton';
import { useNarrow } from '@/ui/use-narrow';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { bothFilters } from '@/util/filter-text';
import { EmptyList } from '../list/EmptyList';
import { RowMenu } from '../list/lazy-parts';
import { placeAtTitle, placeUnderPointer, type RowMenuPlace } from '../list/row-menu-place';
import type { ListState } from '../list/use-list-state';
import type { Selection } from '../list/use-selection';
import { paths } from '../paths';
import { arrange, type ArrangedColumn, columnOf, nextCard, nextColumn, placeOfCard, type Held } from './arrange';
import { scrollWhileDragging } from './board-drag';
import { aboveOf, boardField, cardFields, fieldNames, responsibleField, sinceField, staleDays, sumField } from './board-fields';
import { BoardCard } from './BoardCard';
import { BoardColumn } from './BoardColumn';
import { useFoldedColumns } from './folded-columns';
import styles from './RecordBoard.module.css';
import { useBoardMoves } from './use-board-moves';
import { useGlide } from './use-glide';

const LimitDialog = lazyPart(() => import('./LimitDialog'), 'LimitDialog');

export interface RecordBoardProps {
  type: ObjectType;
  label: string;
  state: ListState;
  selection: Selection;
  count: RecordCount | undefined;
  /** A letter typed on the board starts the search. */
  onStartSearch: () => void;
}

/** The records of a list in columns by a choice field; a card that changes its column changes its field. */
export function RecordBoard({ type, label, state, selection, count, onStartSearch }: RecordBoardProps) {
  const { t, i18n } = useTranslation(['board', 'records']);
  const errorText = useErrorText();
  const client = useQueryClient();
  const { search, query: listQuery } = state;
  const field = boardField(type, search.by);
  const above = field === undefined ? null : aboveOf(type, field, search.within);
  const added = sumField(type, field, search.sum);
  const sum = added?.name;
  const [aboveField, aboveOption] = [above?.field.name, above?.current.key];
  const query = useMemo<BoardQuery>(() => {
    const { filter, sort, search: text } = listQuery;
    const within = aboveField === undefined || aboveOption === undefined ? undefined : { field: aboveField, option: aboveOption };
    return { field: field?.name ?? '', within, sum, filter, sort, search: text, fields: field === undefined ? '' : fieldNames(type, search, field).join(',') };
  }, [type, search, listQuery, field, sum, aboveField, aboveOption]);
  const board = useQuery({ ...boardQuery(client, type.name, query), enabled: field !== undefined, placeholderData: (previous) => previous });
  const tally = useQuery({ ...boardTallyQuery(type.name, query), enabled: field !== undefined });
  const isMoney = added?.kind === 'money' && added.settings.is_price !== true;
  const within = query.within === undefined ? query.filter : bothFilters(query.filter, `${query.within.field} = ${query.within.option}`);
  const figures = useQuery({
    ...recordFiguresQuery(type.name, { by: query.field, sum: sum ?? '', filter: within, search: query.search }),
    enabled: field !== undefined && isMoney,
  });
  const pages = useMemo(() => board.data?.pages.map((page) => ({ ...page, ...tally.data?.find(({ option }) => option === page.option) })), [board.data, tally.data]);

  if (field === undefined) return null;
  // Its texts come behind the first page.
  if (pages === undefined || !i18n.hasResourceBundle(i18n.language, 'board')) {
    return board.isError ? (
      <ErrorState message={errorText(board.error)} onRetry={() => void board.refetch()} />
    ) : (
      <div className={styles.waiting}>
        <Skeleton lines={14} label={t('records:loading')} />
      </div>
    );
  }
  const isEmpty = pages.every((page) => page.items.length === 0);
  // A pipeline without deals still shows its stages.
  if (isEmpty && (above === null || listQuery.filter !== undefined || listQuery.search !== undefined) && !board.isPlaceholderData) return <EmptyList type={type} state={state} />;
  return (
    <>
      {board.isError && (
        <Banner tone="error" actions={<Button size="small" onClick={() => void board.refetch()}>{t('records:try_again')}</Button>}>
          {errorText(board.error)}
        </Banner>
      )}
      <Columns key={field.name} type={type} label={label} state={state} selection={selection} count={count} onStartSearch={onStartSearch} field={field} query={query} pages={pages} figures={isMoney ? (figures.data?.groups ?? []) : []} />
    </>
  );
}

type ColumnsProps = RecordBoardProps & { field: Field; query: BoardQuery; pages: readonly BoardPage[]; figures: readonly RecordFigure[] };

function Columns({ type, label, state, selection, count, onStartSearch, field, query, pages, figures }: ColumnsProps) {
  const { t } = useTranslation('board');
  const navigate = useNavigate();
  const { search, change } = state;
  const isNarrow = useNarrow();
  const box = useRef<HTMLDivElement>(null);
  const { remember } = useGlide(box);
  const { growColumn, settle } = useBoard(type.name, query);
  const [said, setSaid] = useState('');
  const [lifted, setLifted] = useState<Held | null>(null);
  const [activeId, setActiveId] = useState<number | null>(null);
  const mayShape = useMay('fields');
  const [limited, setLimited] = useState<string | null>(null);
  const [menu, setMenu] = useState<RowMenuPlace | null>(null);
  /** The card that keeps the focus while it changes its column. */
  const follows = useRef<number | null>(null);
  const folds = useFoldedColumns(type.name, search.view, query.field);
  // A strip of 44 pixels beside others would need two fingers.
  const isFolded = (key: string | null): boolean => !isNarrow && folds.isFolded(key);

  const columnsRef = useRef<readonly ArrangedColumn[]>([]);
  const hooks = {
    onReturn: remember,
    onMoved: useCallback(
      (record: RecordItem, to: string | null) => {
        setSaid(t('said_moved', { name: record.title, column: nameRef.current(to) }));
        settle(record.id, to);
      },
      [t, settle],
    ),
    countWithout: (to: string | null, id: number): number | null => {
      const column = columnsRef.current.find(({ key }) => key === to);
      const count = column?.count.count ?? null;
      return count === null ? null : count - (column?.items.some((record) => record.id === id) === true ? 1 : 0);
    },
    onRefused: useCallback((record: RecordItem, reason: string) => setSaid(t('said_refused', { name: record.title, reason })), [t]),
  };
  const moves = useBoardMoves(type, field, hooks);
  const nameRef = useRef(moves.nameOf);
  nameRef.current = moves.nameOf;

  const columns = useMemo(
    () => arrange(pages, field, { held: lifted === null ? moves.waiting : [lifted, ...moves.waiting], sum: query.sum }),
    [pages, field, lifted, moves.waiting, query.sum],
  );
  columnsRef.current = columns;
  const records = useMemo(() => columns.flatMap((column) => column.items), [columns]);
  const shownFields = useMemo(() => cardFields(type, search, field), [type, search, field]);
  const responsible = useMemo(() => responsibleField(type), [type]);
  const since = sinceField(type, field);
  const isActiveThere = activeId !== null && placeOfCard(columns, activeId) !== null;
  const rovingId = isActiveThere ? activeId : (columns.find(({ key, items }) => !isFolded(key) && items.length > 0)?.items[0]?.id ?? null);

  useEffect(() => (box.current === null ? undefined : scrollWhileDragging(box.current)), []);
  useLayoutEffect(() => {
    const id = follows.current;
    if (id === null || (document.activeElement !== document.body && box.current?.contains(document.activeElement) !== true)) return;
    const card = cardAt(id);
    if (card !== null && card !== document.activeElement) {
      card.focus({ preventScroll: true });
      card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  });

  const focusCard = (id: number): void => {
    follows.current = id;
    setActiveId(id);
    const card = cardAt(id);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const open = useCallback((id: number) => change({ open: id }, { replace: search.open !== undefined }), [change, search.open]);
  const focused = useCallback((id: number) => {
    setActiveId(id);
    if (follows.current !== id) follows.current = null;
  }, []);

  function lift(record: RecordItem): void {
    const reason = moves.whyNot(record);
    if (reason !== null) {
      setSaid(reason);
      return;
    }
    const from = columnOf(record, field);
    follows.current = record.id;
    setLifted({ id: record.id, to: from });
    setSaid(t('said_lifted', { name: record.title, column: moves.nameOf(from) }));
  }

  function carry(step: 1 | -1): void {
    if (lifted === null) return;
    const to = nextColumn(columns, lifted.to, step, moves.mayStand);
    if (to === undefined) return;
    remember(lifted.id);
    follows.current = lifted.id;
    setLifted({ ...lifted, to });
    if (isFolded(to)) folds.setFolded(to, false);
    setSaid(t('said_over', { column: moves.nameOf(to) }));
  }

  function putDown(record: RecordItem): void {
    if (lifted === null) return;
    follows.current = record.id;
    setLifted(null);
    moves.move(record, lifted.to);
  }

  function takeBack(record: RecordItem): void {
    remember(record.id);
    follows.current = record.id;
    setLifted(null);
    setSaid(t('said_cancelled', { name: record.title }));
  }

  function handleKey(event: KeyboardEvent<HTMLDivElement>): void {
    const id = event.target instanceof HTMLElement ? cardId(event.target) : null;
    const record = records.find((candidate) => candidate.id === id);
    if (record === undefined || event.altKey) return;
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (lifted !== null) {
      if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') carry(event.key === 'ArrowRight' ? 1 : -1);
      else if (event.key === ' ' || event.key === 'Enter') putDown(record);
      else if (event.key === 'Escape') takeBack(record);
      else if (event.key === 'Tab') return takeBack(record);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter') {
      if (isPlain) open(record.id);
      else void navigate(paths.card(type.name, record.id, { ...search, open: undefined }));
    } else if (!isPlain) return;
    else if (event.key === ' ') lift(record);
    else if (event.key === 'Escape') {
      if (search.open === undefined) return;
      change({ open: undefined });
    } else if (event.key === '/') onStartSearch();
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) setMenu(placeAtTitle(record.id));
    else {
      const next = nextCard(columns, record.id, event.key, isFolded);
      if (next === null) {
        if (!event.key.startsWith('Arrow')) return;
      } else {
        focusCard(next);
        if (search.open !== undefined) open(next);
      }
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const now = Date.now();
  const menuRecord = menu === null ? undefined : records.find((record) => record.id === menu.id);
  const moveItems = (record: RecordItem): MenuItem[] =>
    columns
      .filter(({ key }) => key !== columnOf(record, field) && moves.mayStand(key))
      .map(({ key, option }, index) => ({
        key: `move.${key ?? ''}`,
        label: t('move_to', { column: moves.nameOf(key) }),
        icon: <span className={styles.dot} data-color={option?.color ?? 'none'} />,
        startsGroup: index === 0,
        disabledReason: moves.whyNot(record),
        onSelect: () => {
          remember(record.id);
          follows.current = record.id;
          moves.move(record, key);
        },
      }));

  return (
    <div className={styles.frame}>
      <div
        ref={box}
        className={styles.board}
        role="group"
        aria-label={t('title', { name: label })}
        onKeyDown={handleKey}
        onContextMenu={(event) => {
          const at = placeUnderPointer(event);
          // A long press of a finger drags the card; the menu of the browser for its link would come in between.
          const isTouch = 'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch';
          if (at !== null || isTouch) event.preventDefault();
          if (at !== null) setMenu(at);
        }}
      >
        {columns.map((column) => (
          <BoardColumn
            key={column.key ?? ''}
            column={column}
            total={figures.find(({ option }) => option === column.key)?.total.converted ?? null}
            name={moves.nameOf(column.key)}
            isFolded={isFolded(column.key)}
            mayStand={moves.mayStand(column.key)}
            landsFirst={query.sort?.startsWith('-updated_at') === true}
            hasLifted={lifted !== null && lifted.to === column.key}
            onLimit={mayShape && column.key !== null && column.option?.is_retired !== true ? () => setLimited(column.key) : undefined}
            onFold={(folded) => folds.setFolded(column.key, folded)}
            onDropCard={(id) => {
              const record = records.find((candidate) => candidate.id === id);
              if (record !== undefined) moves.move(record, column.key);
            }}
            onMore={() => growColumn(column.key)}
          >
            {column.items.map((record) => {
              const days = staleDays(record, since, column.option, now);
              return (
                <BoardCard
                  key={record.id}
                  type={type}
                  record={record}
                  fields={shownFields}
                  responsible={responsible}
                  staleDays={days}
                  isFarStale={days !== null && days > 2 * (column.option?.max_days ?? 0)}
                  isActive={record.id === rovingId}
                  isLifted={lifted?.id === record.id}
                  isOpen={search.open === record.id}
                  mayMove={moves.whyNot(record) === null}
                  listSearch={search}
                  onOpen={open}
                  onFocus={focused}
                  onMenu={setMenu}
                />
              );
            })}
          </BoardColumn>
        ))}
      </div>
      <p id="board-keys" hidden>
        {t('keys')}
      </p>
      <VisuallyHidden>
        <span role="status">{said}</span>
      </VisuallyHidden>
      {menu !== null && menuRecord !== undefined && (
        <RowMenu type={type} state={state} selection={selection} count={count} records={records} place={menu} more={moveItems(menuRecord)} onClose={() => setMenu(null)} />
      )}
      {moves.dialog}
      {limited !== null && <LimitDialog type={type} field={field} option={limited} column={moves.nameOf(limited)} onClose={() => setLimited(null)} />}
    </div>
  );
}

function cardAt(id: number): HTMLElement | null {
  return document.getElementById(`row-${id}`);
}

/** The card that has the focus itself, not a link or a button in it. */
function cardId(element: HTMLElement): number | null {
  const match = /^row-([1-9]\d*)$/.exec(element.id);
  return match === null ? null : Number(match[1]);
}
