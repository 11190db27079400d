import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconChevronRight, IconDots } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { asReferences } from '@/fields/values';
import { UserAvatar } from '@/fields/UserAvatar';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { classNames } from '@/util/class-names';
import type { TreeItem, TreeRow } from '@/util/tree';
import styles from './Teams.module.css';

export interface PersonItem extends TreeItem {
  user: RecordItem;
}

function draggedPerson(data: Record<string | symbol, unknown>): number | null {
  return typeof data.personId === 'number' ? data.personId : null;
}

export interface PersonRowProps {
  row: TreeRow<PersonItem>;
  isOpen: boolean;
  /** The one row that the keyboard reaches. */
  isActive: boolean;
  onActivate: () => void;
  onToggle: () => void;
  /** Somebody wants to choose another head. */
  onAsk: () => void;
  /** He reports to nobody from now on. */
  onFree: () => void;
  /** Somebody was dropped on him. */
  onDrop: (id: number) => void;
}

/** A person with those who report to him below. */
export function PersonRow({ row, isOpen, isActive, onActivate, onToggle, onAsk, onFree, onDrop }: PersonRowProps) {
  const { t } = useTranslation('rights');
  const { item, depth, children } = row.node;
  const element = useRef<HTMLDivElement>(null);
  const [isTarget, setIsTarget] = useState(false);
  const [isDragged, setIsDragged] = useState(false);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });

  useEffect(() => {
    if (element.current === null) return;
    return combine(
      draggable({
        element: element.current,
        getInitialData: () => ({ personId: item.id }),
        onDragStart: () => setIsDragged(true),
        onDrop: () => setIsDragged(false),
      }),
      dropTargetForElements({
        element: element.current,
        canDrop: ({ source }) => draggedPerson(source.data) !== null && draggedPerson(source.data) !== item.id,
        onDragEnter: () => setIsTarget(true),
        onDragLeave: () => setIsTarget(false),
        onDrop: ({ source }) => {
          setIsTarget(false);
          const id = draggedPerson(source.data);
          if (id !== null) drop.current(id);
        },
      }),
    );
  }, [item.id]);

  const roles = asReferences(item.user.values.roles).map((role) => role.title);
  return (
    <div
      ref={element}
      role="treeitem"
      data-id={item.id}
      aria-label={item.title}
      aria-level={depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={children.length > 0 ? isOpen : undefined}
      aria-selected={isActive}
      tabIndex={isActive ? 0 : -1}
      className={classNames(styles.person, isTarget && styles.target, isDragged && styles.dragged)}
      onFocus={onActivate}
    >
      <span className={styles.indent} style={{ width: `calc(var(--person-indent) * ${depth})` }} />
      {children.length > 0 ? (
        <span className={styles.twist} data-open={isOpen || undefined} onClick={onToggle} title={t(isOpen ? 'tree.close' : 'tree.open')}>
          <IconChevronRight size={16} aria-hidden="true" />
        </span>
      ) : (
        <span className={styles.twist} />
      )}
      <UserAvatar id={item.id} title={item.title} />
      <span className={styles.personName} title={item.title}>
        {item.title}
      </span>
      <span className={styles.roles} title={roles.join(', ')}>
        {roles.join(', ')}
      </span>
      {children.length > 0 && <span className={styles.number}>{t('tree.reports', { count: children.length })}</span>}
      <Menu
        trigger={
          <IconButton
            size="small"
            tabIndex={isActive ? 0 : -1}
            label={t('menu', { name: item.title })}
            icon={<IconDots size={16} />}
            onKeyDown={(event) => {
              // Its arrows and letters are those of the menu, not of the tree.
              if (event.key !== 'Tab') event.stopPropagation();
            }}
          />
        }
        items={[
          { key: 'head', label: t('tree.reports_to'), onSelect: onAsk },
          { key: 'free', label: t('tree.free'), disabledReason: item.parentId === null ? t('tree.is_free') : null, onSelect: onFree },
        ]}
      />
    </div>
  );
}

/** While somebody is dragged, the place where he reports to nobody. */
export function TopLevel({ onDrop }: { onDrop: (id: number) => void }) {
  const { t } = useTranslation('rights');
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
        canMonitor: ({ source }) => draggedPerson(source.data) !== null,
        onDragStart: () => setIsDragging(true),
        onDrop: () => setIsDragging(false),
      }),
    [],
  );
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => draggedPerson(source.data) !== null,
      onDragEnter: () => setIsTarget(true),
      onDragLeave: () => setIsTarget(false),
      onDrop: ({ source }) => {
        setIsTarget(false);
        const id = draggedPerson(source.data);
        if (id !== null) drop.current(id);
      },
    });
  }, []);

  return (
    <div ref={element} className={classNames(styles.top, isDragging && styles.topDrop, isTarget && styles.target)}>
      {isDragging ? t('tree.to_top') : t('tree.hint')}
    </div>
  );
}
