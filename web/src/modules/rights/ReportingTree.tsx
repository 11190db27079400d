import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import type { RecordItem, RecordReference } from '@/api/types';
import { asReference } from '@/fields/values';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { activeUsersQuery } from '@/records/users';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { buildTree, canMove, searchTree, treeRows } from '@/util/tree';
import { treeMove } from '@/util/tree-keys';
import { HeadDialog } from './HeadDialog';
import { PersonRow, TopLevel, type PersonItem } from './PersonRow';
import styles from './Teams.module.css';

function itemOf(user: RecordItem): PersonItem {
  return { id: user.id, title: user.title, parentId: asReference(user.values.head)?.id ?? null, user };
}

/** Who reports to whom, as a tree: arrows walk and fold it, Enter asks for another head, a drag gives one. */
export function ReportingTree() {
  const { t } = useTranslation('rights');
  const { language } = useFormat();
  const errorText = useErrorText();
  const list = useQuery(activeUsersQuery);
  const { mutateAsync: change } = useChangeRecord('user');
  const { showDone } = useUndoWithToast();
  const [search, setSearch] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [active, setActive] = useState<number | null>(null);
  const [asked, setAsked] = useState<PersonItem | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(() => (list.data ?? []).map(itemOf), [list.data]);
  const tree = useMemo(() => buildTree(items, language), [items, language]);
  const hasOpen = (id: number): boolean => search.trim() !== '' || !folded.has(id);
  const rows = treeRows(searchTree(tree, search), (item) => hasOpen(item.id));
  const activeId = rows.some((row) => row.node.item.id === active) ? active : (rows[0]?.node.item.id ?? null);

  async function giveHead(item: PersonItem, head: RecordReference | null): Promise<void> {
    try {
      const { operation_id: operation } = await change({
        id: item.id,
        version: item.user.version,
        values: { head: head?.id ?? null },
        shown: { head },
      });
      await list.refetch();
      showDone(head === null ? t('tree.freed', { name: item.title }) : t('tree.moved', { name: item.title, head: head.title }), operation);
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  function drop(id: number, target: PersonItem | null): void {
    const item = items.find((candidate) => candidate.id === id);
    if (item === undefined || item.parentId === (target?.id ?? null)) return;
    if (!canMove(items, id, target?.id ?? null)) {
      showToast(t('tree.ring', { name: item.title, head: target?.title ?? '' }), { tone: 'error' });
      return;
    }
    void giveHead(item, target === null ? null : { id: target.id, title: target.title, type: 'user' });
  }

  function toggle(id: number, isFolded: boolean): void {
    const next = new Set(folded);
    if (isFolded) next.add(id);
    else next.delete(id);
    setFolded(next);
  }

  function handleKey(event: KeyboardEvent): void {
    const item = items.find((candidate) => candidate.id === activeId);
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = event.key === 'Enter' ? null : treeMove(rows, item.id, event.key, hasOpen);
    if (event.key !== 'Enter' && move === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') setAsked(item);
    if (move?.kind === 'open' || move?.kind === 'close') toggle(move.id, move.kind === 'close');
    if (move?.kind === 'focus') {
      setActive(move.id);
      box.current?.querySelector<HTMLElement>(`[data-id="${move.id}"]`)?.focus();
    }
  }

  if (list.isPending) return <Skeleton lines={6} label={t('loading')} />;
  if (list.isError && items.length === 0) return <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />;
  return (
    <>
      <TextInput
        type="search"
        className={styles.search}
        aria-label={t('tree.search')}
        placeholder={t('tree.search')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <TopLevel onDrop={(id) => drop(id, null)} />
      <div ref={box} role="tree" aria-label={t('tree.title')} onKeyDown={handleKey}>
        {rows.map((row) => {
          const { item } = row.node;
          return (
            <PersonRow
              key={item.id}
              row={row}
              isOpen={hasOpen(item.id)}
              isActive={item.id === activeId}
              onActivate={() => setActive(item.id)}
              onToggle={() => toggle(item.id, hasOpen(item.id))}
              onAsk={() => setAsked(item)}
              onFree={() => void giveHead(item, null)}
              onDrop={(id) => drop(id, item)}
            />
          );
        })}
      </div>
      {rows.length === 0 && <p className={styles.nobody}>{t('tree.nobody')}</p>}
      {asked !== null && (
        <HeadDialog
          person={asked}
          items={items}
          onClose={() => setAsked(null)}
          onChoose={(head) => {
            setAsked(null);
            void giveHead(asked, head);
          }}
        />
      )}
    </>
  );
}
