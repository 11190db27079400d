/** Columns of a list as the address writes them: `name:260,parent,channels:180`. */
import type { Field, ObjectType } from '@/api/types';
import { fieldKind } from '@/fields/registry';

export interface Column {
  field: Field;
  /** Pixels. */
  width: number;
}

export const MIN_WIDTH = 64;
export const MAX_WIDTH = 800;
/** The first column also carries the picture, hence wider. */
const TITLE_WIDTH = 240;

export interface ColumnSpec {
  name: string;
  width: number | null;
}

export function parseColumns(text: string): ColumnSpec[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', width = ''] = part.split(':');
      const pixels = Number.parseInt(width, 10);
      return { name, width: Number.isNaN(pixels) ? null : Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, pixels)) };
    });
}

function defaultWidth(type: ObjectType, field: Field): number {
  return field.name === type.title_field ? TITLE_WIDTH : fieldKind(field.kind).width;
}

/** The fields that may stand in a list, in the order of the catalog. */
export function columnFields(type: ObjectType): Field[] {
  return type.fields.filter((field) => !field.is_retired);
}

/** The columns to draw: unknown and repeated names are left out, the title always comes first. */
export function readColumns(type: ObjectType, text: string | undefined): Column[] {
  const specs = text === undefined ? type.default_columns.map((name) => ({ name, width: null })) : parseColumns(text);
  const columns: Column[] = [];
  for (const { name, width } of [{ name: type.title_field, width: null }, ...specs]) {
    const field = columnFields(type).find((candidate) => candidate.name === name);
    if (field === undefined) continue;
    const known = columns.find((column) => column.field === field);
    if (known === undefined) columns.push({ field, width: width ?? defaultWidth(type, field) });
    else if (width !== null) known.width = width;
  }
  return columns;
}

/** The text for the address; undefined when it says no more than the defaults. */
export function writeColumns(type: ObjectType, columns: readonly Column[]): string | undefined {
  const text = columns
    .map(({ field, width }) => (width === defaultWidth(type, field) ? field.name : `${field.name}:${Math.round(width)}`))
    .join(',');
  const defaults = readColumns(type, undefined).map((column) => column.field.name);
  return text === defaults.join(',') ? undefined : text;
}

export function withWidth(columns: readonly Column[], name: string, width: number): Column[] {
  return columns.map((column) => (column.field.name === name ? { ...column, width } : column));
}

/** The width that somebody typed, within the bounds; null for what is no number. */
export function readWidth(text: string): number | null {
  const width = Number(text.trim());
  return text.trim() === '' || !Number.isFinite(width) ? null : Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/** Moves a column in front of another; the title stays first. */
export function moveColumn(columns: readonly Column[], name: string, beforeName: string | null): Column[] {
  const moved = columns.find((column) => column.field.name === name);
  const [first] = columns;
  if (moved === undefined || moved === first || name === beforeName) return [...columns];
  const others = columns.filter((column) => column !== moved);
  const at = beforeName === null ? others.length : others.findIndex((column) => column.field.name === beforeName);
  const index = Math.max(1, at === -1 ? others.length : at);
  return [...others.slice(0, index), moved, ...others.slice(index)];
}
