/** Which fields of a type stand on a time axis: when a record begins and ends, in whose row it is, what colours it. */
import type { CalendarFields } from '@/api/calendar';
import type { Field, ObjectType } from '@/api/types';
import { boardField, responsibleField } from '../board/board-fields';
import type { ListSearch } from '../list/list-search';
import { stateFields } from '../done/done';

type Type = Pick<ObjectType, 'fields'> & { calendar?: CalendarFields | null };

export const ZOOMS = ['day', 'week', 'month', 'quarter'] as const;
export type Zoom = (typeof ZOOMS)[number];

/** In the address: no field, no rows, where the type would choose one. */
export const NONE = 'none';

export interface AxisFields {
  zoom: Zoom;
  begins: Field | undefined;
  ends: Field | undefined;
  /** In whose row a record stands. */
  rows: Field | undefined;
  /** What colours it. */
  color: Field | undefined;
  /** Whether it takes whole days. */
  wholeDays: Field | undefined;
}

/** The fields that say when something is. */
export function dateFields(type: Type): Field[] {
  return type.fields.filter((field) => !field.is_retired && field.is_filterable && (field.kind === 'date' || field.kind === 'date_time'));
}

/** The fields whose values can be rows: people before options before anything else. */
export function rowFields(type: Type): Field[] {
  const fields = type.fields.filter((field) => !field.is_retired && field.settings.is_hierarchy !== true && (field.kind === 'choice' || field.kind === 'reference' || (field.kind === 'reference_set' && field.settings.target === 'user')));
  const order = (field: Field): number => (field.settings.target === 'user' ? 0 : field.kind === 'choice' ? 1 : 2) + (field.group === 'system' ? 3 : 0);
  return [...fields].sort((one, other) => order(one) - order(other));
}

function usual(type: Type): [Field | undefined, Field | undefined] {
  const fields = dateFields(type);
  const named = (name: string | null | undefined): Field | undefined => fields.find((field) => field.name === name);
  if (type.calendar != null) return [named(type.calendar.begins), named(type.calendar.ends)];
  const own = fields.filter((field) => !field.is_read_only && field.group !== 'system');
  const due = own.find((field) => field.overdue_if != null);
  if (due !== undefined) return [own.find((field) => field !== due) ?? named('created_at'), due];
  return own.length > 1 ? [own[0], own[1]] : [named('created_at'), own[0]];
}

/** What is shown: what the address says (`week,starts_at,deadline`), else what the type has. */
export function axisOf(type: Type, search: Pick<ListSearch, 'span' | 'by'>): AxisFields {
  const [zoom, first, last] = (search.span ?? '').split(',');
  const [begins, ends] = usual(type);
  const chosen = (name: string | undefined, otherwise: Field | undefined): Field | undefined => (name === NONE ? undefined : (dateFields(type).find((field) => field.name === name) ?? otherwise));
  const asked = { begins: chosen(first, begins), ends: chosen(last, ends) };
  const isOne = asked.begins === asked.ends;
  const rows = rowFields(type);
  const person = responsibleField(type);
  const { calendar } = type;
  return {
    zoom: ZOOMS.find((known) => known === zoom) ?? (calendar == null ? 'month' : 'week'),
    // One field twice is one moment.
    begins: isOne && asked.ends !== undefined ? undefined : asked.begins,
    ends: asked.ends ?? (asked.begins === undefined ? ends : undefined),
    rows: search.by === NONE ? undefined : (rows.find((field) => field.name === search.by) ?? rows.find((field) => field === person)),
    color: type.fields.find((field) => field.name === calendar?.kind) ?? boardField(type, undefined),
    wholeDays: type.fields.find((field) => field.name === calendar?.whole_days),
  };
}

/** As it stands in the address. */
export function printSpan({ zoom, begins, ends }: Pick<AxisFields, 'zoom' | 'begins' | 'ends'>): string {
  return [zoom, begins?.name ?? NONE, ends?.name ?? NONE].join(',');
}

/** What is read of each record. */
export function namesOf(type: ObjectType, { begins, ends, rows, color, wholeDays }: AxisFields): string[] {
  const names = [begins, ends, rows, color, wholeDays].flatMap((field) => field?.name ?? []);
  return [...new Set([...names, ...stateFields(type)])];
}
