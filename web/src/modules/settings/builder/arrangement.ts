/**
 * The arrangement of a card while it is being changed: pure steps from one to the next. What stays true: every field that is
 * in use stands in exactly one block, and there is at least one block.
 */
import type { Labels, Layout, LayoutBlock, ObjectType } from '@/api/types';
import { isStandardBlock } from '@/records/layout';

export type Arrangement = Layout;
export type ShortList = 'hover' | 'call';

/** Where something goes: before the field or block that stands there now; at the end without one. */
export interface Place {
  block: string;
  before: string | null;
}

function insert<Entry>(list: readonly Entry[], entry: Entry, before: (other: Entry) => boolean): Entry[] {
  const rest = list.filter((other) => other !== entry);
  const index = rest.findIndex(before);
  return index === -1 ? [...rest, entry] : [...rest.slice(0, index), entry, ...rest.slice(index)];
}

function withBlock(arrangement: Arrangement, key: string, change: (block: LayoutBlock) => LayoutBlock): Arrangement {
  return { ...arrangement, blocks: arrangement.blocks.map((block) => (block.key === key ? change(block) : block)) };
}

export function blockOf(arrangement: Pick<Arrangement, 'blocks'>, field: string): string | undefined {
  return arrangement.blocks.find((block) => block.fields.includes(field))?.key;
}

/** Puts a field into a block, before another one or at the end. */
export function moveField(arrangement: Arrangement, field: string, { block: target, before }: Place): Arrangement {
  if (field === before || !arrangement.blocks.some((block) => block.key === target)) return arrangement;
  const blocks = arrangement.blocks.map((block) => {
    const fields = block.fields.filter((name) => name !== field);
    if (block.key !== target) return { ...block, fields };
    return { ...block, fields: insert(fields, field, (name) => name === before) };
  });
  return { ...arrangement, blocks };
}

/** One place up or down; past the end of its block a field goes on into the next one. */
export function stepField(arrangement: Arrangement, field: string, step: 1 | -1): Arrangement {
  const at = arrangement.blocks.findIndex((block) => block.fields.includes(field));
  const block = arrangement.blocks[at];
  if (block === undefined) return arrangement;
  const index = block.fields.indexOf(field);
  const isWithin = index + step >= 0 && index + step < block.fields.length;
  if (isWithin) return moveField(arrangement, field, { block: block.key, before: block.fields[step === 1 ? index + 2 : index - 1] ?? null });
  const neighbour = arrangement.blocks[at + step];
  if (neighbour === undefined) return arrangement;
  return moveField(arrangement, field, { block: neighbour.key, before: step === 1 ? (neighbour.fields[0] ?? null) : null });
}

/** Puts a block before another one, or at the end. */
export function moveBlock(arrangement: Arrangement, key: string, before: string | null): Arrangement {
  const block = arrangement.blocks.find((candidate) => candidate.key === key);
  if (block === undefined || key === before) return arrangement;
  return { ...arrangement, blocks: insert(arrangement.blocks, block, (other) => other.key === before) };
}

export function stepBlock(arrangement: Arrangement, key: string, step: 1 | -1): Arrangement {
  const index = arrangement.blocks.findIndex((block) => block.key === key);
  const target = index + step;
  if (index === -1 || target < 0 || target >= arrangement.blocks.length) return arrangement;
  return moveBlock(arrangement, key, arrangement.blocks[step === 1 ? index + 2 : index - 1]?.key ?? null);
}

/** A key that no block has: the server wants a word, people see the labels. */
export function newBlockKey({ blocks }: Arrangement): string {
  let number = blocks.length + 1;
  while (blocks.some((block) => block.key === `block_${number}`)) number += 1;
  return `block_${number}`;
}

export function addBlock(arrangement: Arrangement, labels: Labels, shownIf: string | null): Arrangement {
  return { ...arrangement, blocks: [...arrangement.blocks, { key: newBlockKey(arrangement), labels, shown_if: shownIf, fields: [] }] };
}

export function changeBlock(arrangement: Arrangement, key: string, labels: Labels, shownIf: string | null): Arrangement {
  return withBlock(arrangement, key, (block) => ({ ...block, labels, shown_if: shownIf }));
}

/** The block goes, its fields go on to the one before it, of the first to the one after it. The last block stays. */
export function removeBlock(arrangement: Arrangement, key: string): Arrangement {
  const index = arrangement.blocks.findIndex((block) => block.key === key);
  const gone = arrangement.blocks[index];
  const heir = arrangement.blocks[index === 0 ? 1 : index - 1];
  if (gone === undefined || heir === undefined) return arrangement;
  const rest = { ...arrangement, blocks: arrangement.blocks.filter((block) => block !== gone) };
  return withBlock(rest, heir.key, (block) => ({ ...block, fields: index === 0 ? [...gone.fields, ...block.fields] : [...block.fields, ...gone.fields] }));
}

/** Ticks a field of a pop-up on or off; chosen ones keep the order of choosing. */
export function toggleShort(arrangement: Arrangement, list: ShortList, field: string, isChosen: boolean): Arrangement {
  const others = arrangement[list].filter((name) => name !== field);
  return { ...arrangement, [list]: isChosen ? [...others, field] : others };
}

export function stepShort(arrangement: Arrangement, list: ShortList, field: string, step: 1 | -1): Arrangement {
  const names = arrangement[list];
  const index = names.indexOf(field);
  const target = index + step;
  if (index === -1 || target < 0 || target >= names.length) return arrangement;
  return { ...arrangement, [list]: insert(names, field, (name) => name === (names[step === 1 ? index + 2 : index - 1] ?? null)) };
}

/** Another name for a section; without one it has its own again. */
export function renameSection(arrangement: Arrangement, key: string, labels: Labels): Arrangement {
  const others = Object.fromEntries(Object.entries(arrangement.sections).filter(([name]) => name !== key));
  return { ...arrangement, sections: Object.keys(labels).length === 0 ? others : { ...others, [key]: labels } };
}

/**
 * What was arranged here with what the catalog says now: fields that were made or brought back meanwhile stand in their
 * blocks, those that were retired are gone, and nothing that was moved moves back.
 */
export function followCatalog(arrangement: Arrangement, stored: Arrangement, catalog: Layout = stored): Arrangement {
  const known = new Set(stored.blocks.flatMap((block) => block.fields));
  const isKnown = (name: string): boolean => known.has(name);
  const placed = new Set(arrangement.blocks.flatMap((block) => block.fields));
  const kept: Arrangement = {
    ...arrangement,
    blocks: arrangement.blocks.map((block) => ({ ...block, fields: block.fields.filter(isKnown) })),
    hover: arrangement.hover.filter(isKnown),
    call: arrangement.call.filter(isKnown),
  };
  return [...known]
    .filter((name) => !placed.has(name))
    .reduce((before, name) => {
      // A block that is not saved yet has no name for the catalog, but a key.
      const wanted = [blockOf(catalog, name), blockOf(stored, name)].flatMap((key) => before.blocks.find((block) => block.key === key) ?? []);
      const target = wanted[0] ?? before.blocks.at(-1);
      return target === undefined ? before : moveField(before, name, { block: target.key, before: null });
    }, kept);
}

/** As it is sent: nothing that the server would take for a change of mind. */
export function layoutOf({ blocks, hover, call, sections }: Arrangement): Layout {
  return {
    blocks: blocks.map(({ key, labels, shown_if: shownIf, fields }) => ({ key, labels: labels ?? {}, shown_if: shownIf || null, fields })),
    hover,
    call,
    sections,
  };
}

export function isSameArrangement(one: Arrangement, other: Arrangement): boolean {
  return JSON.stringify(layoutOf(one)) === JSON.stringify(layoutOf(other));
}

/** The arrangement of a type as it is stored. The title is no row of the card: the heading shows it. */
export function arrangementOf({ layout, title_field: title, fields }: Pick<ObjectType, 'layout' | 'title_field' | 'fields'>): Arrangement {
  const isHeading = fields.find((field) => field.name === title)?.is_read_only === true;
  const blocks = layout.blocks.map((block) => ({ ...block, fields: block.fields.filter((name) => !isHeading || name !== title) }));
  // A field outlives the block it was made in; the server then shows a block without a name, which it would not take back.
  const nameless = blocks.filter(({ key, labels }) => !isStandardBlock(key) && Object.keys(labels ?? {}).length === 0);
  return nameless.reduce((before, block) => removeBlock(before, block.key), { ...layout, blocks });
}
