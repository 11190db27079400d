/** Records as bars of a time axis: from when to when, in which rows, and what they become when they are moved. */
import type { Field, FieldValue, ObjectType, RecordItem, Values } from '@/api/types';
import { asReference, asReferences, asText } from '@/fields/values';
import { addDays } from '@/util/calendar';
import type { Labels } from '@/util/languages';
import { dayAt, DAY_MINUTES, minutesAt, momentOf, shiftDays } from '@/util/times';
import { doneField, isDone, isOverdue } from '../done/done';
import { cellValue } from '../list/cell-value';
import { mayEdit } from '../may-edit';
import type { AxisFields } from './axis-fields';
import { numberOf } from './scale';

/** A moment without hours begins so, when it becomes one with hours. */
const MORNING = 9 * 60;

export interface Bar {
  record: RecordItem;
  /** In days since 1 January 1970, by the wall clock. */
  from: number;
  to: number;
  firstDay: string;
  lastDay: string;
  /** Only one of its two times is given, or it ends before it begins. */
  isPoint: boolean;
  /** A colour of an option, or none. */
  color: string | null;
  isDone: boolean;
  isLate: boolean;
}

/** Where a bar is shown while it is dragged, and until the server has it. */
export interface Held {
  key: string;
  values: Values;
}

export interface Row {
  key: string;
  /** Null for the records without a value. */
  title: string | null;
  /** A user whose face stands beside the name. */
  userId: number | null;
  bars: Bar[];
}

/** Also of those that stand beside the values of a record, as when it was made. */
function valueOf(record: RecordItem, field: Field | undefined): FieldValue {
  return field === undefined ? null : cellValue(record, field.name);
}

interface Edge {
  day: string;
  at: number;
}

function edge(field: Field | undefined, value: FieldValue, zone: string | undefined): Edge | null {
  const text = asText(value);
  if (field === undefined || text === '') return null;
  if (field.kind === 'date') return { day: text.slice(0, 10), at: numberOf(text.slice(0, 10)) };
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const day = dayAt(ms, zone);
  return { day, at: numberOf(day) + minutesAt(ms, zone) / DAY_MINUTES };
}

/** The day at which an end stands: what ends at midnight does not touch the day that begins there. */
function lastDayOf({ day, at }: Edge, field: Field | undefined, first: string): string {
  return field?.kind === 'date_time' && at === numberOf(day) && day > first ? addDays(day, -1) : day;
}

/** The bar of a record; null for one without a time. */
export function barOf(type: ObjectType, axis: AxisFields, record: RecordItem, zone: string | undefined, now: Date): Bar | null {
  const { begins, ends, color, wholeDays } = axis;
  const begin = edge(begins, valueOf(record, begins), zone);
  const end = edge(ends, valueOf(record, ends), zone);
  const at = end ?? begin;
  if (at === null) return null;
  const done = doneField(type);
  const option = color?.settings.options?.find(({ key }) => key === record.values[color.name]);
  const isWhole = wholeDays !== undefined && record.values[wholeDays.name] === true;
  const ofEnd = ends?.kind === 'date';
  const bare = {
    record,
    color: option?.color ?? null,
    isDone: done !== undefined && isDone(done, record.values[done.name]),
    isLate: ends !== undefined && isOverdue(type, ends, record, now),
  };
  const isSpan = begin !== null && end !== null && (ofEnd ? end.day >= begin.day : end.at >= begin.at);
  if (!isSpan) {
    const isDay = (end === null ? begins : ends)?.kind === 'date';
    return { ...bare, from: at.at, to: isDay ? at.at + 1 : at.at, firstDay: at.day, lastDay: at.day, isPoint: true };
  }
  const lastDay = lastDayOf(end, ends, begin.day);
  return {
    ...bare,
    from: isWhole ? numberOf(begin.day) : begin.at,
    to: ofEnd || isWhole ? numberOf(lastDay) + 1 : end.at,
    firstDay: begin.day,
    lastDay,
    isPoint: false,
  };
}

function shifted(field: Field, value: FieldValue, days: number, zone: string | undefined): string {
  const text = asText(value);
  return field.kind === 'date' ? addDays(text.slice(0, 10), days) : new Date(shiftDays(Date.parse(text), days, zone)).toISOString();
}

/** The value of a field that is empty still, so many days from that of the other one. */
function made(field: Field, from: Field, value: FieldValue, days: number, zone: string | undefined): string {
  const day = addDays(from.kind === 'date' ? asText(value).slice(0, 10) : dayAt(Date.parse(asText(value)), zone), days);
  if (field.kind === 'date') return day;
  if (from.kind === 'date_time') return shifted(field, value, days, zone);
  return new Date(momentOf(day, MORNING, zone)).toISOString();
}

export type Side = 'begin' | 'end';

/** Whether the time of a side may be given to a record, which may have none still. */
export function mayStretch(axis: AxisFields, record: RecordItem, side: Side): boolean {
  const field = side === 'begin' ? axis.begins : axis.ends;
  return field !== undefined && mayEdit(record, field) && axis.begins !== undefined && axis.ends !== undefined;
}

function movable(axis: AxisFields, record: RecordItem): Field[] {
  return [axis.begins, axis.ends].flatMap((field) => (field !== undefined && mayEdit(record, field) && asText(valueOf(record, field)) !== '' ? [field] : []));
}

/** Whether a bar can be moved: what has a beginning that nobody can change is moved at its end. */
export function mayMove(axis: AxisFields, record: RecordItem): boolean {
  return movable(axis, record).length > 0;
}

/** What is written when a bar is moved. */
export function moved(axis: AxisFields, record: RecordItem, days: number, zone: string | undefined): Values {
  if (days === 0) return {};
  return Object.fromEntries(movable(axis, record).map((field) => [field.name, shifted(field, valueOf(record, field), days, zone)]));
}

/** What is written when a side of a bar is drawn out or in: never beyond the other one. */
export function stretched(axis: AxisFields, record: RecordItem, side: Side, days: number, zone: string | undefined): Values {
  const [field, other] = side === 'begin' ? [axis.begins, axis.ends] : [axis.ends, axis.begins];
  if (field === undefined || other === undefined) return {};
  const [own, facing] = [valueOf(record, field), valueOf(record, other)];
  const fixed = edge(other, facing, zone);
  const valueAt = (by: number): string => (asText(own) === '' ? made(field, other, facing, by, zone) : shifted(field, own, by, zone));
  if (asText(own) === '' && fixed === null) return {};
  const isBeyond = (by: number): boolean => {
    const at = edge(field, valueAt(by), zone);
    if (at === null || fixed === null) return false;
    const isDays = field.kind === 'date' || other.kind === 'date';
    const [from, to] = side === 'begin' ? [at, fixed] : [fixed, at];
    return isDays ? from.day > to.day : from.at > to.at;
  };
  const inward = side === 'begin' ? 1 : -1;
  // What ends before it begins already may go on doing so.
  const isOdd = asText(own) !== '' && isBeyond(0);
  let by = days;
  if (!isOdd && Math.sign(by) === inward && isBeyond(by) && fixed !== null) {
    const start = edge(field, valueAt(0), zone);
    by = start === null ? 0 : inward * Math.max(0, Math.abs(numberOf(fixed.day) - numberOf(start.day)));
    if (isBeyond(by)) by -= inward;
    if (Math.sign(by) !== inward) by = 0;
  }
  return by === 0 ? {} : { [field.name]: valueAt(by) };
}

/** The bars in their rows: people and records by name, options in their order, what has no value last. */
export function rowsOf(field: Field | undefined, bars: readonly Bar[], label: (labels: Labels | undefined) => string): Row[] {
  if (field === undefined) return bars.length === 0 ? [] : [{ key: '', title: null, userId: null, bars: [...bars] }];
  const rows = new Map<string, Row & { place: number }>();
  const isUser = field.settings.target === 'user';
  const put = (bar: Bar, key: string, title: string | null, place: number): void => {
    const row = rows.get(key) ?? { key, title, place, userId: isUser && key !== '' ? Number(key) : null, bars: [] };
    row.bars.push(bar);
    rows.set(key, row);
  };
  const options = field.settings.options ?? [];
  for (const bar of bars) {
    const value = valueOf(bar.record, field);
    const one = asReference(value);
    const references = one === null ? asReferences(value) : [one];
    const at = options.findIndex(({ key }) => key === value);
    const option = options[at];
    if (option !== undefined) put(bar, option.key, label(option.labels) || option.key, at);
    else if (references.length === 0) put(bar, '', null, Number.MAX_SAFE_INTEGER);
    else for (const { id, title } of references) put(bar, String(id), title ?? `#${id}`, 0);
  }
  return [...rows.values()].sort((one, other) => one.place - other.place || (one.title ?? '').localeCompare(other.title ?? ''));
}

export interface Placed {
  bar: Bar;
  lane: number;
  left: number;
  width: number;
  /** Its name stands in it, or behind it. */
  isInside: boolean;
}

const LEAST_WIDTH = 10;
const GAP = 6;
const LETTER = 6.7;
const MOST_NAME = 190;

/** Bars of a row one above another where they, or their names, would meet. */
export function lanesOf(bars: readonly Bar[], place: (days: number) => number): { placed: Placed[]; lanes: number } {
  const ends: number[] = [];
  const sorted = [...bars].sort((one, other) => one.from - other.from || other.to - one.to || one.record.id - other.record.id);
  const placed = sorted.map((bar) => {
    const left = place(bar.from);
    const width = Math.max(LEAST_WIDTH, place(bar.to) - left);
    const name = Math.min(MOST_NAME, bar.record.title.length * LETTER + 20);
    const isInside = !bar.isPoint && width >= Math.min(name, 120);
    const right = isInside ? left + width : left + width + name;
    const free = ends.findIndex((end) => end + GAP <= left);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = right;
    return { bar, lane, left, width, isInside };
  });
  return { placed, lanes: ends.length };
}
