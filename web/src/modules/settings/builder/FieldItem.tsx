import { IconDots, IconFilter, IconGripVertical } from '@tabler/icons-react';
import { useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import styles from './builder.module.css';
import { useDraggable, useDropTarget, type Edge } from './use-drag';

export interface FieldItemProps {
  field: Field;
  /** The other blocks, for those who do not drag. */
  blocks: readonly { value: string; label: string }[];
  isFirst: boolean;
  isLast: boolean;
  /** Cards cannot be made without it. */
  isNeeded: boolean;
  onChange: () => void;
  onStep: (step: 1 | -1) => void;
  onMoveTo: (block: string) => void;
  /** Another field was let go at this one. */
  onDrop: (field: string, edge: Edge) => void;
  onRetire: () => void;
}

/** A field in its block: taken by the pointer, moved by the arrows on its handle, or through its menu. */
export function FieldItem({ field, blocks, isFirst, isLast, isNeeded, onChange, onStep, onMoveTo, onDrop, onRetire }: FieldItemProps) {
  const { t } = useTranslation(['builder', 'settings']);
  const format = useFormat();
  const row = useRef<HTMLLIElement>(null);
  const isHeld = useDraggable(row, null, { kind: 'field', key: field.name });
  const over = useDropTarget(row, {
    accepts: ({ kind, key }) => kind === 'field' && key !== field.name,
    onDrop: ({ key }, edge) => onDrop(key, edge),
  });
  const name = format.label(field.labels);
  const items: MenuItem[] = [
    { key: 'change', label: t('builder:change_field'), onSelect: onChange },
    { key: 'up', label: t('builder:up'), startsGroup: true, disabledReason: isFirst ? t('builder:is_first') : null, onSelect: () => onStep(-1) },
    { key: 'down', label: t('builder:down'), disabledReason: isLast ? t('builder:is_last') : null, onSelect: () => onStep(1) },
    ...blocks.map((block, index) => ({
      key: `to-${block.value}`,
      label: t('builder:to_block', { name: block.label }),
      startsGroup: index === 0,
      onSelect: () => onMoveTo(block.value),
    })),
    {
      key: 'retire',
      label: t('builder:hide_field'),
      startsGroup: true,
      disabledReason: isNeeded ? t('settings:fields.cannot_retire') : null,
      onSelect: onRetire,
    },
  ];
  return (
    <li ref={row} className={classNames(styles.field, isHeld && styles.held)} data-edge={over?.edge}>
      <IconButton
        size="small"
        className={styles.handle}
        data-handle={`field:${field.name}`}
        label={t('builder:move', { name })}
        title={t('builder:move_hint')}
        icon={<IconGripVertical size={16} />}
        onKeyDown={(event) => stepByKey(event, onStep)}
      />
      <button type="button" className={styles.fieldName} title={t('settings:fields.change_named', { name })} onClick={onChange}>
        {name}
      </button>
      <span className={styles.badges}>
        {field.shown_if !== null && <IconFilter size={14} className={styles.mark} role="img" aria-label={t('builder:by_condition')} />}
        {(field.is_required || field.required_if !== null) && <Badge color="amber">{t('settings:fields.badges.required')}</Badge>}
        {field.is_custom && <Badge color="blue">{t('settings:fields.badges.custom')}</Badge>}
      </span>
      <span className={styles.kind}>{t(`settings:fields.kinds.${field.kind}`)}</span>
      <Menu trigger={<IconButton size="small" label={t('settings:fields.menu', { name })} icon={<IconDots size={16} />} />} items={items} />
    </li>
  );
}

/** The arrows on a handle move what it holds. */
export function stepByKey(event: KeyboardEvent, onStep: (step: 1 | -1) => void): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
  if (step === null || event.metaKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  onStep(step);
}
