/** The arrangement of a card: which fields stand together, in which order, and when a block shows. */
import { useTranslation } from 'react-i18next';
import type { Field, LayoutBlock, ObjectType, Values } from '@/api/types';
import { useFormat } from '@/ui/use-format';
import { isMet } from './conditions';

/** Blocks that every type has; the page knows their names. */
const STANDARD_BLOCKS = ['name', 'main', 'contact', 'details', 'requisites'] as const;

type StandardBlock = (typeof STANDARD_BLOCKS)[number];

export function isStandardBlock(key: string): key is StandardBlock {
  return STANDARD_BLOCKS.some((standard) => standard === key);
}

export interface FieldBlock {
  block: LayoutBlock;
  fields: Field[];
}

const never = (): boolean => false;

/**
 * The given fields in their blocks, in the order of the card; empty blocks are left out. Of a block that does not show for
 * these values only the fields remain that are needed all the same: nobody could fill in a required field that is not there.
 */
export function blocksOf(blocks: readonly LayoutBlock[], fields: readonly Field[], values: Values, isNeeded: (field: Field) => boolean = never): FieldBlock[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  return blocks
    .map((block) => {
      const own = block.fields.map((name) => byName.get(name)).filter((field) => field !== undefined);
      return { block, fields: isMet(block.shown_if, values) ? own : own.filter(isNeeded) };
    })
    .filter((found) => found.fields.length > 0);
}

/** The fields of the blocks, in their order. */
export function fieldsInBlocks(blocks: readonly FieldBlock[]): Field[] {
  return blocks.flatMap((found) => found.fields);
}

const noBlock = (key: string, fields: readonly Field[]): FieldBlock => ({ block: { key, fields: [] }, fields: [...fields] });

/**
 * Fields to choose from, as the card arranges them and whatever it shows now; what stands in none of its blocks follows, and last what the
 * program itself keeps of a record: its number, who made it and when.
 */
export function fieldsToChoose(type: Pick<ObjectType, 'fields' | 'layout'>, isOffered: (field: Field) => boolean): FieldBlock[] {
  const offered = type.fields.filter(isOffered);
  const ofSystem = offered.filter((field) => field.group === 'system');
  const own = offered.filter((field) => field.group !== 'system');
  const blocks = blocksOf(type.layout.blocks.map((block) => ({ ...block, shown_if: null })), own, {});
  const placed = new Set(fieldsInBlocks(blocks));
  const others = own.filter((field) => !placed.has(field));
  return [...blocks, noBlock('other', others), noBlock('system', ofSystem)].filter(({ fields }) => fields.length > 0);
}

/** Names of blocks: their own labels, else the word of the page for a standard one. */
export function useBlockTitle(): (block: Pick<LayoutBlock, 'key' | 'labels'>) => string {
  const { t } = useTranslation('records');
  const format = useFormat();
  return ({ key, labels }) => format.label(labels) || (isStandardBlock(key) || key === 'system' ? t(`groups.${key}`) : t('groups.other'));
}

/** The blocks of a type as something to choose from. */
export function useBlockOptions(type: ObjectType): { value: string; label: string }[] {
  const title = useBlockTitle();
  return type.layout.blocks.map((block) => ({ value: block.key, label: title(block) }));
}
