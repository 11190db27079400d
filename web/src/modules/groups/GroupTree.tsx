import { dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconArrowRight, IconChecklist, IconFolderPlus, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import { paths } from '@/records/paths';
import type { MenuItem } from '@/ui/Menu';
import { classNames } from '@/util/class-names';
import { searchTree, treeRows, type TreeNode } from '@/util/tree';
import { useFoldedGroups } from './folded-groups';
import { draggedGroup, GroupRow } from './GroupRow';
import styles from './Groups.module.css';
import { treeMove } from '@/util/tree-keys';

export interface GroupTreeProps {
  type: ObjectType;
  tree: readonly TreeNode<VocabularyItem>[];
  search: string;
  onEdit: (item: VocabularyItem) => void;
  onAddInside: (item: VocabularyItem) => void;
  onMove: (item: VocabularyItem) => void;
  onRemove: (item: VocabularyItem) => void;
  /** A group was dropped on another one, or, with null, on the top level. */
  onDrop: (id: number, target: VocabularyItem | null) => void;
}

/** The tree of groups: arrows walk and fold it, Enter shows who belongs to a group, a drag moves a branch. */
export function GroupTree({ type, tree, search, onEdit, onAddInside, onMove, onRemove, onDrop }: GroupTreeProps) {
  const { t } = useTranslation('groups');
  const navigate = useNavigate();
  const folded = useFoldedGroups();
  const [active, setActive] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const isSearched = search.trim() !== '';
  // What is found stands open; the folding is kept for later.
  const hasOpen = (id: number): boolean => isSearched || !folded.isFolded(id);
  const rows = treeRows(searchTree(tree, search), (item) => hasOpen(item.id));
  const activeId = rows.some((row) => row.node.item.id === active) ? active : (rows[0]?.node.item.id ?? null);

  const membersOf = ({ id }: VocabularyItem): { type: string; filter: string } => ({
    type: type.members?.type ?? '',
    filter: `${type.members?.field ?? ''} has (${id})`,
  });

  function show(item: VocabularyItem): void {
    const members = membersOf(item);
    void navigate(paths.list(members.type, { filter: members.filter }));
  }

  function handleKey(event: KeyboardEvent): void {
    const item = rows.find((row) => row.node.item.id === activeId)?.node.item;
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Partial<Record<string, () => void>> = {
      Enter: () => show(item),
      ...(item.record.can_edit && { F2: () => onEdit(item) }),
      ...(item.record.can_delete && { Delete: () => onRemove(item) }),
    };
    const act = acts[event.key];
    const move = act === undefined ? treeMove(rows, item.id, event.key, hasOpen) : null;
    if (act === undefined && move === null) return;
    event.preventDefault();
    event.stopPropagation();
    act?.();
    if (move?.kind === 'open' || move?.kind === 'close') folded.setFolded(move.id, move.kind === 'close');
    if (move?.kind === 'focus') {
      setActive(move.id);
      box.current?.querySelector<HTMLElement>(`[data-id="${move.id}"]`)?.focus();
    }
  }

  function menuOf(item: VocabularyItem): MenuItem[] {
    return [
      { key: 'show', label: t('show'), icon: <IconUsers size={16} />, onSelect: () => show(item) },
      { key: 'work', label: t('work'), icon: <IconChecklist size={16} />, onSelect: () => void navigate(paths.card(type.name, item.id)) },
      ...(item.record.can_edit
        ? [
            { key: 'edit', label: t('edit'), icon: <IconPencil size={16} />, shortcut: 'F2', startsGroup: true, onSelect: () => onEdit(item) },
            ...(type.permissions.create ? [{ key: 'add', label: t('add_inside'), icon: <IconFolderPlus size={16} />, onSelect: () => onAddInside(item) }] : []),
            { key: 'move', label: t('move'), icon: <IconArrowRight size={16} />, onSelect: () => onMove(item) },
          ]
        : []),
      ...(item.record.can_delete
        ? [{ key: 'delete', label: t('delete'), icon: <IconTrash size={16} />, shortcut: 'Del', isDangerous: true, startsGroup: true, onSelect: () => onRemove(item) }]
        : []),
    ];
  }

  return (
    <>
      <TopLevel onDrop={(id) => onDrop(id, null)} />
      <div ref={box} role="tree" aria-label={t('title')} className={styles.tree} onKeyDown={handleKey}>
        {rows.map((row) => {
          const { item } = row.node;
          const isOpen = hasOpen(item.id);
          return (
            <GroupRow
              key={item.id}
              row={row}
              members={membersOf(item)}
              isOpen={isOpen}
              isActive={item.id === activeId}
              menu={menuOf(item)}
              onActivate={() => setActive(item.id)}
              onToggle={() => folded.setFolded(item.id, isOpen)}
              onDrop={(id) => onDrop(id, item)}
            />
          );
        })}
      </div>
      {rows.length === 0 && <p className={styles.none}>{t('nothing_found')}</p>}
    </>
  );
}

/** The head of the tree; while a group is dragged, the place that takes it out of all others. */
function TopLevel({ onDrop }: { onDrop: (id: number) => void }) {
  const { t } = useTranslation('groups');
  const element = useRef<HTMLDivElement>(null);
  const [isDragging, setIsDragging] = useState(false);
  const [isTarget, setIsTarget] = useState(false);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });

  useEffect(
    () =>
      monitorForElements({
        canMonitor: ({ source }) => draggedGroup(source.data) !== null,
        onDragStart: () => setIsDragging(true),
        onDrop: () => setIsDragging(false),
      }),
    [],
  );
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => draggedGroup(source.data) !== null,
      onDragEnter: () => setIsTarget(true),
      onDragLeave: () => setIsTarget(false),
      onDrop: ({ source }) => {
        setIsTarget(false);
        const id = draggedGroup(source.data);
        if (id !== null) drop.current(id);
      },
    });
  }, []);

  return (
    <div ref={element} className={classNames(styles.head, isDragging && styles.headDrop, isTarget && styles.target)}>
      {isDragging ? (
        t('to_top')
      ) : (
        <>
          <span>{t('name')}</span>
          <span>{t('members')}</span>
        </>
      )}
    </div>
  );
}
