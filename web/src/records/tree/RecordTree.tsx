import { IconChevronRight } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPageQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { treeMove } from '@/util/tree-keys';
import { isMet } from '../conditions';
import { cellValue } from '../list/cell-value';
import { ListEnd } from '../list/ListEnd';
import type { RecordTableProps } from '../list/RecordTable';
import { RowMenuButton } from '../list/RowMenuButton';
import { placeAtTitle, placeUnderPointer } from '../list/row-menu-place';
import { useTakesKeys } from '../list/use-takes-keys';
import { TitleLink } from '../list/TitleLink';
import { paths } from '../paths';
import { AVATAR_FIELDS, branchField } from '../record-shape';
import { tileContent } from '../tiles/tile-content';
import { tileFieldNames } from '../tiles/tile-names';
import styles from './RecordTree.module.css';
import { branchRows, type BranchRow } from './branch-rows';

/** Of one branch so many are shown in their place; the rest is a list of its own. */
const BRANCH = 200;
/** The list goes on when this many pixels of it are left. */
const LOAD_AHEAD_PX = 800;

function branchQuery(type: ObjectType, field: string, id: number) {
  const fields = [...new Set([...tileFieldNames(type), ...type.fields.map(({ name }) => name).filter((name) => AVATAR_FIELDS.includes(name))])];
  return recordPageQuery(type.name, { filter: `${field} = ${id}`, sort: type.title_field, fields: fields.join(',') }, BRANCH);
}

/** The records of a list with what stands below each, as deep as one opens it: companies, their branches and their people. */
export function RecordTree({ type, label, state, records, isCapped, hasMore, isLoadingMore, hasFailedMore, onLoadMore, onStartSearch, onMenu }: RecordTableProps) {
  const { search, change } = state;
  const above = branchField(type);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [active, setActive] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useTakesKeys(box, '[role=treeitem][tabindex="0"]', type.name, search);
  const ids = [...open];
  const branches = useQueries({ queries: ids.map((id) => branchQuery(type, above?.name ?? '', id)) });
  const below = new Map(ids.map((id, index) => [id, branches[index]?.data]));
  const mayHaveBranches = (record: RecordItem): boolean => isMet(above?.settings.target_filter, record.values);
  const rows = branchRows(records, below, open, mayHaveBranches);
  const activeId = rows.some(({ node }) => node.item.id === active) ? active : (rows[0]?.node.item.id ?? null);

  function toggle(id: number, isOpen: boolean): void {
    setOpen((before) => new Set(isOpen ? [...before, id] : [...before].filter((other) => other !== id)));
  }

  function handleKey(event: KeyboardEvent): void {
    if (activeId === null || event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget.querySelector('[tabindex="0"]')) return;
    if (event.key === 'Escape' && search.open !== undefined) change({ open: undefined });
    else if (event.key === 'Enter') change({ open: activeId }, { replace: search.open !== undefined });
    else if (event.key === '/') onStartSearch();
    else if (event.key === 'F10' && event.shiftKey) {
      const at = placeAtTitle(activeId);
      if (at !== null) onMenu(at);
    } else {
      const move = treeMove(rows, activeId, event.key, (id) => open.has(id));
      if (move === null) return;
      if (move.kind === 'focus') {
        setActive(move.id);
        box.current?.querySelector<HTMLElement>(`#row-${move.id}`)?.focus();
      } else toggle(move.id, move.kind === 'open');
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className={styles.scroller}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        if (hasMore && !isLoadingMore && !hasFailedMore && scrollHeight - scrollTop - clientHeight < LOAD_AHEAD_PX) onLoadMore();
      }}
    >
      <div
        ref={box}
        role="tree"
        aria-label={label}
        className={styles.tree}
        onKeyDown={handleKey}
        onContextMenu={(event) => {
          const at = placeUnderPointer(event);
          if (at === null) return;
          event.preventDefault();
          onMenu(at);
        }}
      >
        {rows.map((row) => (
          <Row
            key={row.key}
            type={type}
            row={row}
            isOpen={open.has(row.node.item.id)}
            isActive={row.node.item.id === activeId}
            listSearch={search}
            rest={above !== undefined && row.hasRest ? `${above.name} = ${row.node.item.id}` : null}
            onActivate={() => setActive(row.node.item.id)}
            onToggle={() => toggle(row.node.item.id, !open.has(row.node.item.id))}
            onMenu={onMenu}
          />
        ))}
      </div>
      <ListEnd isCapped={isCapped} hasMore={hasMore} hasFailedMore={hasFailedMore} onLoadMore={onLoadMore} />
    </div>
  );
}

interface RowProps {
  type: ObjectType;
  row: BranchRow;
  isOpen: boolean;
  isActive: boolean;
  listSearch: RecordTableProps['state']['search'];
  /** The filter of the whole branch, where it is longer than what is shown. */
  rest: string | null;
  onActivate: () => void;
  onToggle: () => void;
  onMenu: RecordTableProps['onMenu'];
}

function Row({ type, row, isOpen, isActive, listSearch, rest, onActivate, onToggle, onMenu }: RowProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { record } = row;
  const { depth, children } = row.node;
  const { lines, channels } = tileContent(type, record, 1);
  const [channel] = channels;
  // Where it stands says what is above it.
  const above = branchField(type)?.name;
  const shown = lines.filter((field) => depth === 0 || field.name !== above);
  const isEmpty = isOpen && row.isKnownEmpty;
  return (
    <>
      <div
        id={`row-${record.id}`}
        role="treeitem"
        aria-level={depth + 1}
        aria-posinset={row.position}
        aria-setsize={row.siblings}
        aria-expanded={children.length > 0 && !isEmpty ? isOpen : undefined}
        aria-selected={listSearch.open === record.id}
        aria-label={record.title}
        tabIndex={isActive ? 0 : -1}
        className={classNames(styles.row, listSearch.open === record.id && styles.open)}
        style={{ paddingLeft: 16 + depth * 24 }}
        onFocus={onActivate}
      >
        {children.length > 0 && !isEmpty ? (
          <button type="button" className={styles.twist} tabIndex={-1} aria-label={t('tree.branch', { name: record.title })} onClick={onToggle} data-open={isOpen || undefined}>
            <IconChevronRight size={16} aria-hidden="true" />
          </button>
        ) : (
          <span className={styles.twist} />
        )}
        <TitleLink type={type} record={record} listSearch={listSearch} className={styles.title} textClassName={styles.titleText} />
        {shown.slice(0, 1).map((field) => {
          const { Display } = fieldKind(field.kind);
          return (
            <span key={field.name} className={styles.note} title={format.label(field.labels)}>
              <Display field={field} value={cellValue(record, field.name)} isCompact />
            </span>
          );
        })}
        {channel !== undefined && <span className={styles.channel}>{channel.channel.display ?? channel.channel.value}</span>}
        <RowMenuButton record={record} className={styles.menu} onMenu={onMenu} />
      </div>
      {isEmpty && (
        <p className={styles.empty} style={{ paddingLeft: 16 + (depth + 1) * 24 + 24 }}>
          {t('tree.empty')}
        </p>
      )}
      {isOpen && rest !== null && (
        <p className={styles.empty} style={{ paddingLeft: 16 + (depth + 1) * 24 + 24 }}>
          <Link {...paths.list(type.name, { filter: rest })} className={styles.rest}>
            {t('tree.more', { name: record.title })}
          </Link>
        </p>
      )}
    </>
  );
}
