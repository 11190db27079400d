import { IconDots, IconGripVertical, IconPlus } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LayoutBlock, ObjectType } from '@/api/types';
import { FilterWords } from '@/records/filter-bar/FilterWords';
import { useBlockTitle } from '@/records/layout';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { classNames } from '@/util/class-names';
import styles from './builder.module.css';
import { stepByKey } from './FieldItem';
import { useDraggable, useDropTarget, type Dragged, type Edge } from './use-drag';

export interface BlockPanelProps {
  type: ObjectType;
  block: LayoutBlock;
  isFirst: boolean;
  isLast: boolean;
  onEdit: () => void;
  onStep: (step: 1 | -1) => void;
  onRemove: () => void;
  onAddField: () => void;
  /** A field was let go in the block but at none of its fields, or a block before or after it. */
  onDrop: (dragged: Dragged, edge: Edge) => void;
  /** Its fields. */
  children: ReactNode;
}

/** A block of the card: its name, its condition, its fields. */
export function BlockPanel({ type, block, isFirst, isLast, onEdit, onStep, onRemove, onAddField, onDrop, children }: BlockPanelProps) {
  const { t } = useTranslation('builder');
  const name = useBlockTitle()(block);
  const panel = useRef<HTMLElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const isHeld = useDraggable(panel, head, { kind: 'block', key: block.key });
  const over = useDropTarget(panel, { accepts: ({ kind, key }) => kind === 'field' || key !== block.key, onDrop });
  const titleId = `title-of-${block.key}`;
  return (
    <section
      ref={panel}
      className={classNames(styles.block, isHeld && styles.held)}
      aria-labelledby={titleId}
      data-edge={over?.kind === 'block' ? over.edge : undefined}
      data-over={over?.kind === 'field' || undefined}
    >
      <div ref={head} className={styles.blockHead}>
        <IconButton
          size="small"
          className={styles.handle}
          data-handle={`block:${block.key}`}
          label={t('move_block', { name })}
          title={t('move_hint')}
          icon={<IconGripVertical size={16} />}
          onKeyDown={(event) => stepByKey(event, onStep)}
        />
        <h2 id={titleId} className={styles.blockTitle}>
          {name}
        </h2>
        {block.shown_if && (
          <button type="button" className={styles.condition} onClick={onEdit} title={t('change_condition')}>
            <FilterWords type={type} filter={block.shown_if} />
          </button>
        )}
        <Menu
          trigger={<IconButton size="small" label={t('block_menu', { name })} icon={<IconDots size={16} />} />}
          items={[
            { key: 'edit', label: t('edit_block'), onSelect: onEdit },
            { key: 'up', label: t('up'), startsGroup: true, disabledReason: isFirst ? t('is_first_block') : null, onSelect: () => onStep(-1) },
            { key: 'down', label: t('down'), disabledReason: isLast ? t('is_last_block') : null, onSelect: () => onStep(1) },
            {
              key: 'remove',
              label: t('remove_block'),
              startsGroup: true,
              isDangerous: true,
              disabledReason: isFirst && isLast ? t('is_only_block') : null,
              onSelect: onRemove,
            },
          ]}
        />
      </div>
      {block.fields.length === 0 ? <p className={styles.empty}>{t('empty_block')}</p> : <ul className={styles.fields}>{children}</ul>}
      <Button look="plain" size="small" className={styles.addField} icon={<IconPlus size={16} />} onClick={onAddField}>
        {t('new_field')}
      </Button>
    </section>
  );
}
