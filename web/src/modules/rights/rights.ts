/** The rights of a role as data: what it says itself, and what it takes from its base. */
import type { AccessAction, AccessOptions, FieldRight, RightLine, Rights, TypeRights } from '@/api/access';
import type { BuiltInRole } from '@/api/roles';
import type { Feature, Field, LayoutBlock } from '@/api/types';

export const NO_RIGHTS: Rights = { base: null };

/** The stored text; what cannot be read gives nothing. */
export function readRights(text: string): Rights {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Rights) : NO_RIGHTS;
  } catch {
    return NO_RIGHTS;
  }
}

function without<Value>(entries: Readonly<Record<string, Value>> | undefined, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries ?? {}).filter(([name]) => name !== key));
}

function withEntry<Value>(entries: Readonly<Record<string, Value>> | undefined, key: string, value: Value | null): Record<string, Value> {
  const others = without(entries, key);
  return value === null ? others : { ...others, [key]: value };
}

function isEmpty(entries: object | undefined): boolean {
  return entries === undefined || Object.keys(entries).length === 0;
}

/** Without parts that say nothing, in one order: equal rights are equal texts. */
export function tidyRights(rights: Rights): Rights {
  const types: Record<string, TypeRights> = {};
  for (const [name, { actions, fields, blocks }] of sorted(rights.types)) {
    const own: TypeRights = {
      ...(!isEmpty(actions) && { actions: Object.fromEntries(sorted(actions).map(([action, lines]) => [action, lines?.map(tidyLine)])) }),
      ...(!isEmpty(fields) && { fields: Object.fromEntries(sorted(fields)) }),
      ...(!isEmpty(blocks) && { blocks: Object.fromEntries(sorted(blocks)) }),
    };
    if (!isEmpty(own)) types[name] = own;
  }
  return {
    base: rights.base ?? null,
    ...(!isEmpty(types) && { types }),
    ...(!isEmpty(rights.features) && { features: Object.fromEntries(sorted(rights.features)) }),
    ...(rights.needs_second_step === true && { needs_second_step: true }),
  };
}

function sorted<Value>(entries: Readonly<Record<string, Value>> | undefined): [string, Value][] {
  return Object.entries(entries ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function tidyLine({ level, filter }: RightLine): RightLine {
  return filter == null || filter.trim() === '' ? { level } : { level, filter };
}

export function isSameRights(one: Rights, other: Rights): boolean {
  return JSON.stringify(tidyRights(one)) === JSON.stringify(tidyRights(other));
}

function withType(rights: Rights, type: string, change: (own: TypeRights) => TypeRights): Rights {
  return { ...rights, types: { ...rights.types, [type]: change(rights.types?.[type] ?? {}) } };
}

/** Lines of an action; null to take what the base says. */
export function withLines(rights: Rights, type: string, action: AccessAction, lines: readonly RightLine[] | null): Rights {
  return withType(rights, type, (own) => ({ ...own, actions: withEntry(own.actions, action, lines) as TypeRights['actions'] }));
}

/** A right on a field; null to take what its block or the base says. */
export function withField(rights: Rights, type: string, field: string, right: FieldRight | null): Rights {
  return withType(rights, type, (own) => ({ ...own, fields: withEntry(own.fields, field, right) }));
}

export function withBlock(rights: Rights, type: string, block: string, right: FieldRight | null): Rights {
  return withType(rights, type, (own) => ({ ...own, blocks: withEntry(own.blocks, block, right) }));
}

/** A part of the program, open or closed; null to take what the base says. */
export function withFeature(rights: Rights, feature: Feature, isOpen: boolean | null): Rights {
  return { ...rights, features: withEntry(rights.features, feature, isOpen) };
}

export interface SaidLines {
  lines: readonly RightLine[];
  /** The role says it itself. */
  isOwn: boolean;
}

function ofBase(options: AccessOptions, base: BuiltInRole | null | undefined, type: string): TypeRights {
  return base == null ? {} : (options.types.find((candidate) => candidate.type === type)?.bases[base] ?? {});
}

export function linesOf(rights: Rights, options: AccessOptions, type: string, action: AccessAction): SaidLines {
  const own = rights.types?.[type]?.actions?.[action];
  return own === undefined ? { lines: ofBase(options, rights.base, type).actions?.[action] ?? [], isOwn: false } : { lines: own, isOwn: true };
}

export interface SaidRight {
  right: FieldRight;
  from: 'field' | 'block' | 'base';
}

const STRENGTH: Readonly<Record<FieldRight, number>> = { hidden: 0, read: 1, write: 2 };

/** What the base says of a field; without a base nothing is limited beyond what an employee has. */
export function baseFieldRight(rights: Rights, options: AccessOptions, type: string, field: string): FieldRight {
  return ofBase(options, rights.base ?? 'employee', type).fields?.[field] ?? 'write';
}

/** What comes of a field: nobody gets more than the base lets. */
export function fieldRightOf(rights: Rights, options: AccessOptions, type: string, field: Pick<Field, 'name'>, block: Pick<LayoutBlock, 'key'> | null): SaidRight {
  const declared = baseFieldRight(rights, options, type, field.name);
  const own = rights.types?.[type];
  const ofField = own?.fields?.[field.name];
  const ofBlock = block === null ? undefined : own?.blocks?.[block.key];
  const said = ofField ?? ofBlock;
  const right = said !== undefined && STRENGTH[said] < STRENGTH[declared] ? said : declared;
  return { right, from: ofField !== undefined ? 'field' : ofBlock !== undefined ? 'block' : 'base' };
}

export interface SaidOpen {
  isOpen: boolean;
  isOwn: boolean;
}

export function opensFeature(rights: Rights, options: AccessOptions, feature: Feature): SaidOpen {
  const own = rights.features?.[feature];
  if (own !== undefined && rights.base !== 'administrator') return { isOpen: own, isOwn: true };
  const openTo = options.features.find((candidate) => candidate.key === feature)?.open_to ?? [];
  return { isOpen: rights.base != null && openTo.includes(rights.base), isOwn: false };
}

/** Of how many actions, fields and parts of the program the role speaks itself. */
export function ownWords(rights: Rights): number {
  const types = Object.values(tidyRights(rights).types ?? {});
  const ofTypes = types.map(({ actions, fields, blocks }) => [actions, fields, blocks].reduce((sum, part) => sum + Object.keys(part ?? {}).length, 0));
  return ofTypes.reduce((sum, one) => sum + one, 0) + Object.keys(rights.features ?? {}).length + (rights.needs_second_step === true ? 1 : 0);
}
