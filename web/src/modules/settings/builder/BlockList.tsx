import { IconPlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeField } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import type { Field, LayoutBlock, ObjectType } from '@/api/types';
import { useBlockTitle } from '@/records/layout';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { FieldDialog } from '../FieldDialog';
import {
  addBlock,
  blockOf,
  changeBlock,
  moveBlock,
  moveField,
  newBlockKey,
  removeBlock,
  stepBlock,
  stepField,
  type Arrangement,
} from './arrangement';
import { BlockDialog } from './BlockDialog';
import { BlockPanel } from './BlockPanel';
import styles from './builder.module.css';
import { FieldItem } from './FieldItem';
import type { Dragged, Edge } from './use-drag';

export interface BlockListProps {
  type: ObjectType;
  arrangement: Arrangement;
  onChange: (arrangement: Arrangement) => void;
}

type OpenDialog = { kind: 'block'; block: LayoutBlock | null } | { kind: 'field'; field: Field | null; block: string | undefined };

/** The blocks with their fields, as they will stand on the card, and the fields that are out of use. */
export function BlockList({ type, arrangement, onChange }: BlockListProps) {
  const { t } = useTranslation(['builder', 'settings']);
  const format = useFormat();
  const errorText = useErrorText();
  const blockTitle = useBlockTitle();
  const change = useChangeField(type.name);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [said, setSaid] = useState('');
  const [focusAfter, setFocusAfter] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const { blocks } = arrangement;
  const byName = new Map(type.fields.map((field) => [field.name, field]));
  const retired = type.fields.filter((field) => field.is_retired);
  const options = blocks.map((block) => ({ value: block.key, label: blockTitle(block) }));

  // What moves into another block is drawn anew: the focus goes after it.
  useEffect(() => {
    if (focusAfter === null) return;
    setFocusAfter(null);
    list.current?.querySelector<HTMLElement>(`[data-handle="${CSS.escape(focusAfter)}"]`)?.focus();
  }, [focusAfter]);

  function putField(next: Arrangement, name: string): void {
    onChange(next);
    setFocusAfter(`field:${name}`);
    const block = next.blocks.find((candidate) => candidate.fields.includes(name));
    if (block === undefined) return;
    setSaid(
      t('builder:said_field', {
        name: format.label(byName.get(name)?.labels),
        block: blockTitle(block),
        place: block.fields.indexOf(name) + 1,
        count: block.fields.length,
      }),
    );
  }

  function putBlock(next: Arrangement, key: string): void {
    onChange(next);
    setFocusAfter(`block:${key}`);
    const index = next.blocks.findIndex((block) => block.key === key);
    const block = next.blocks[index];
    if (block !== undefined) setSaid(t('builder:said_block', { name: blockTitle(block), place: index + 1, count: next.blocks.length }));
  }

  function dropAtField(block: LayoutBlock, target: string, name: string, edge: Edge): void {
    const others = block.fields.filter((other) => other !== name);
    const before = edge === 'before' ? target : (others[others.indexOf(target) + 1] ?? null);
    onChange(moveField(arrangement, name, { block: block.key, before }));
  }

  function dropAtBlock(index: number, { kind, key }: Dragged, edge: Edge): void {
    const block = blocks[index];
    if (block === undefined) return;
    if (kind === 'field') onChange(moveField(arrangement, key, { block: block.key, before: null }));
    else onChange(moveBlock(arrangement, key, (edge === 'before' ? block : blocks[index + 1])?.key ?? null));
  }

  // The row goes with its own callbacks: the promise stays.
  function setRetired(field: Field, isRetired: boolean): void {
    const name = format.label(field.labels);
    change.mutateAsync({ name: field.name, change: { is_retired: isRetired } }).then(
      () =>
        showToast(t(isRetired ? 'settings:fields.is_retired' : 'settings:fields.is_restored', { name }), {
          action: isRetired ? { label: t('settings:fields.restore'), onPress: () => setRetired(field, false) } : null,
        }),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  function remove(block: LayoutBlock): void {
    const name = blockTitle(block);
    const before = arrangement;
    onChange(removeBlock(arrangement, block.key));
    showToast(t('builder:removed_block', { name }), { action: { label: t('builder:undo'), onPress: () => onChange(before) } });
  }

  return (
    <div ref={list} className={styles.blocks}>
      {blocks.map((block, index) => (
        <BlockPanel
          key={block.key}
          type={type}
          block={block}
          isFirst={index === 0}
          isLast={index === blocks.length - 1}
          onEdit={() => setDialog({ kind: 'block', block })}
          onStep={(step) => putBlock(stepBlock(arrangement, block.key, step), block.key)}
          onRemove={() => remove(block)}
          onAddField={() => setDialog({ kind: 'field', field: null, block: block.key })}
          onDrop={(dragged, edge) => dropAtBlock(index, dragged, edge)}
        >
          {block.fields.map((name, at) => {
            const field = byName.get(name);
            if (field === undefined) return null;
            return (
              <FieldItem
                key={name}
                field={field}
                blocks={options.filter((option) => option.value !== block.key)}
                isFirst={index === 0 && at === 0}
                isLast={index === blocks.length - 1 && at === block.fields.length - 1}
                isNeeded={field.is_required || field.required_if !== null || name === type.title_field}
                onChange={() => setDialog({ kind: 'field', field, block: block.key })}
                onStep={(step) => putField(stepField(arrangement, name, step), name)}
                onMoveTo={(target) => putField(moveField(arrangement, name, { block: target, before: null }), name)}
                onDrop={(dropped, edge) => dropAtField(block, name, dropped, edge)}
                onRetire={() => setRetired(field, true)}
              />
            );
          })}
        </BlockPanel>
      ))}
      <Button look="dashed" icon={<IconPlus size={16} />} onClick={() => setDialog({ kind: 'block', block: null })}>
        {t('builder:new_block')}
      </Button>
      {retired.length > 0 && (
        <section className={styles.block} aria-labelledby="retired-fields">
          <div className={styles.blockHead}>
            <h2 id="retired-fields" className={styles.blockTitle}>
              {t('builder:hidden_fields')}
            </h2>
          </div>
          <ul className={styles.fields}>
            {retired.map((field) => (
              <li key={field.name} className={styles.field}>
                <span className={styles.retiredName}>{format.label(field.labels)}</span>
                <span className={styles.kind}>{t(`settings:fields.kinds.${field.kind}`)}</span>
                <Button size="small" onClick={() => setRetired(field, false)}>
                  {t('settings:fields.restore')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div role="status">
        <VisuallyHidden>{said}</VisuallyHidden>
      </div>
      {dialog?.kind === 'block' && (
        <BlockDialog
          type={type}
          block={dialog.block}
          onApply={(labels, shownIf) => {
            if (dialog.block !== null) onChange(changeBlock(arrangement, dialog.block.key, labels, shownIf));
            else putBlock(addBlock(arrangement, labels, shownIf), newBlockKey(arrangement));
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'field' && (
        <FieldDialog
          type={type}
          field={dialog.field}
          blocks={options}
          block={dialog.block ?? blockOf(arrangement, dialog.field?.name ?? '')}
          onClose={() => setDialog(null)}
        />
      )}
    </div>
  );
}
