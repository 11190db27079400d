/** What a pivot table is made of, and which list a cell of it is. */
import type { PivotFigure, PivotKey } from '@/api/pivots';
import type { Field, ObjectType } from '@/api/types';
import { bothFilters } from '@/util/filter-text';
import { boardField, responsibleField } from '../board/board-fields';
import type { ListSearch } from '../list/list-search';

type Type = Pick<ObjectType, 'fields'>;

export const GRAINS = ['month', 'quarter', 'year'] as const;
export type Grain = (typeof GRAINS)[number];

/** In the address: no columns at all, where the type would choose some. */
export const NO_COLUMNS = 'none';

export interface Group {
  field: Field;
  grain: Grain | null;
}

function isDated(field: Field): boolean {
  return field.kind === 'date' || field.kind === 'date_time';
}

/** By what a list can be taken apart, as the address names it. */
export function groupsOf(type: Type): string[] {
  const fields = type.fields.filter((field) => !field.is_retired && field.is_filterable);
  return fields.flatMap((field) => (isDated(field) ? GRAINS.map((grain) => `${field.name}:${grain}`) : field.kind === 'choice' || field.kind === 'reference' ? [field.name] : []));
}

export function readGroup(type: Type, text: string): Group | null {
  if (!groupsOf(type).includes(text)) return null;
  const [name, grain] = text.split(':');
  const field = type.fields.find((candidate) => candidate.name === name);
  return field === undefined ? null : { field, grain: GRAINS.find((known) => known === grain) ?? null };
}

export interface Chosen {
  rows: string[];
  columns: string | undefined;
  value: string | undefined;
}

/** What is shown: what the address says, else who answers by where work stands. */
export function chosenOf(type: Type, search: ListSearch): Chosen {
  const known = groupsOf(type);
  const asked = (search.rows ?? '').split(',').filter((text) => known.includes(text));
  const [first] = [responsibleField(type)?.name, boardField(type, undefined)?.name, ...known].filter((text) => text !== undefined && known.includes(text));
  const rows = asked.length > 0 ? asked.slice(0, 2) : first === undefined ? [] : [first];
  const usual = boardField(type, undefined)?.name;
  const wanted = search.by === NO_COLUMNS ? undefined : search.by !== undefined && known.includes(search.by) ? search.by : usual;
  const columns = wanted === undefined || rows.includes(wanted) ? undefined : wanted;
  return { rows, columns, value: valueFields(type).find(({ name }) => name === search.sum)?.name };
}

/** What can be added up. */
export function valueFields(type: Type): Field[] {
  const isMoney = (field: Field): boolean => field.kind === 'money' && field.settings.is_price !== true;
  return type.fields.filter((field) => !field.is_retired && field.group !== 'system' && (isMoney(field) || field.kind === 'number'));
}

const two = (number: number): string => String(number).padStart(2, '0');

/** First and last day of `2026-11`, `2026-Q4` or `2026`. */
export function daysOf(period: string): { from: string; to: string } {
  const [year = '', rest] = period.split('-');
  const quarter = rest?.startsWith('Q') === true ? Number(rest.slice(1)) : null;
  const [first, last] = rest === undefined ? [1, 12] : quarter === null ? [Number(rest), Number(rest)] : [quarter * 3 - 2, quarter * 3];
  const end = new Date(Date.UTC(Number(year), last, 0)).getUTCDate();
  return { from: `${year}-${two(first)}-01`, to: `${year}-${two(last)}-${two(end)}` };
}

/** The records of a group, as a filter. */
export function keyFilter({ field }: Group, key: PivotKey): string {
  if (key.period !== null) {
    const { from, to } = daysOf(key.period);
    return `${field.name} >= ${from} and ${field.name} <= ${to}`;
  }
  const value = key.option ?? key.reference?.id;
  return value === undefined ? `${field.name} is empty` : `${field.name} = ${value}`;
}

/** The list of a row, a column, or a cell. */
export function lineFilter(filter: string | undefined, groups: readonly Group[], keys: readonly PivotKey[]): string | undefined {
  return groups.reduce<string | undefined>((all, group, at) => {
    const key = keys[at];
    return key === undefined ? all : bothFilters(all, keyFilter(group, key));
  }, filter);
}

/** What of a figure is shown. */
export function shownNumber(figure: PivotFigure | undefined, value: string | undefined, isAverage: boolean): number | null {
  if (figure === undefined) return null;
  return value === undefined ? figure.count : isAverage ? figure.average : figure.sum;
}
