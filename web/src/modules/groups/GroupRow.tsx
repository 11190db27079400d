import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { IconChevronRight, IconDots, IconFolder, IconWand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import { asText } from '@/fields/values';
import { MemberCount } from '@/records/membership/MemberCount';
import { paths } from '@/records/paths';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { classNames } from '@/util/class-names';
import type { TreeRow } from '@/util/tree';
import styles from './Groups.module.css';

export interface GroupRowProps {
  row: TreeRow<VocabularyItem>;
  /** Who belongs to it: the type, and the filter of a list. */
  members: { type: string; filter: string };
  isOpen: boolean;
  /** The one row that the keyboard reaches. */
  isActive: boolean;
  menu: readonly MenuItem[];
  onActivate: () => void;
  onToggle: () => void;
  /** Another group was dropped on this one. */
  onDrop: (id: number) => void;
}

/** What a dragged row carries. */
export function draggedGroup(data: Record<string | symbol, unknown>): number | null {
  return typeof data.groupId === 'number' ? data.groupId : null;
}

/** A group: its branch, how it is filled, how many belong to it, what can be done with it. */
export function GroupRow({ row, members, isOpen, isActive, menu, onActivate, onToggle, onDrop }: GroupRowProps) {
  const { t } = useTranslation('groups');
  const { item, depth, children } = row.node;
  const element = useRef<HTMLDivElement>(null);
  const [isTarget, setIsTarget] = useState(false);
  const [isDragged, setIsDragged] = useState(false);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });
  const canMove = item.record.can_edit;

  useEffect(() => {
    if (element.current === null) return;
    return combine(
      draggable({
        element: element.current,
        canDrag: () => canMove,
        getInitialData: () => ({ groupId: item.id }),
        onDragStart: () => setIsDragged(true),
        onDrop: () => setIsDragged(false),
      }),
      dropTargetForElements({
        element: element.current,
        canDrop: ({ source }) => draggedGroup(source.data) !== null && draggedGroup(source.data) !== item.id,
        onDragEnter: () => setIsTarget(true),
        onDragLeave: () => setIsTarget(false),
        onDrop: ({ source }) => {
          setIsTarget(false);
          const id = draggedGroup(source.data);
          if (id !== null) drop.current(id);
        },
      }),
    );
  }, [canMove, item.id]);

  const description = asText(item.record.values.description);
  return (
    <div
      ref={element}
      role="treeitem"
      data-id={item.id}
      aria-label={item.isByRule ? t('row_by_rule', { name: item.title }) : item.title}
      aria-level={depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={children.length > 0 ? isOpen : undefined}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      className={classNames(styles.row, isTarget && styles.target, isDragged && styles.dragged)}
      onFocus={onActivate}
    >
      <span className={styles.indent} style={{ width: `calc(var(--group-indent) * ${depth})` }} />
      {children.length > 0 ? (
        <span className={styles.twist} data-open={isOpen || undefined} onClick={onToggle} title={t(isOpen ? 'close' : 'open')}>
          <IconChevronRight size={16} aria-hidden="true" />
        </span>
      ) : (
        <span className={styles.twist} />
      )}
      {item.isByRule ? (
        <span className={styles.byRule} title={t('by_rule')}>
          <IconWand size={16} aria-hidden="true" />
        </span>
      ) : (
        <span className={styles.byHand} title={t('by_hand')}>
          <IconFolder size={16} aria-hidden="true" />
        </span>
      )}
      <Link {...paths.list(members.type, { filter: members.filter })} className={styles.name} tabIndex={-1} draggable={false} title={item.title}>
        {item.title}
      </Link>
      <span className={styles.description} title={description}>
        {description}
      </span>
      <MemberCount typeName={members.type} filter={members.filter} hint={t('count_hint')} />
      <Menu
        trigger={
          <IconButton
            size="small"
            className={styles.menu}
            tabIndex={isActive ? 0 : -1}
            label={t('menu', { name: item.title })}
            icon={<IconDots size={16} />}
            onKeyDown={(event) => {
              // Its arrows and letters are those of the menu, not of the tree.
              if (event.key !== 'Tab') event.stopPropagation();
            }}
          />
        }
        items={menu}
      />
    </div>
  );
}
