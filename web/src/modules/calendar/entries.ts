/** Records as entries of a calendar: when they are, whose, how they look. */
import type { CalendarFields } from '@/api/calendar';
import type { Field, ObjectType, RecordItem, Values } from '@/api/types';
import { asReference, asReferences, asText } from '@/fields/values';
import { doneField, isDone, isOverdue } from '@/records/done/done';
import { mayEdit } from '@/records/may-edit';
import { DAY_MINUTES, dayAt, MINUTE, minutesAt, momentOf, shiftDays } from '@/util/times';

/** What has but one time is drawn so long. */
export const MOMENT_MINUTES = 30;

export interface CalendarType {
  type: ObjectType;
  fields: CalendarFields;
}

export interface Entry extends CalendarType {
  /** `task-12`: also how an address names it. */
  key: string;
  record: RecordItem;
  /** Milliseconds. */
  start: number;
  end: number;
  /** Only one of its two times is given. */
  isMoment: boolean;
  isWholeDays: boolean;
  /** It stands above the hours: whole days, or longer than a day. */
  isAcross: boolean;
  firstDay: string;
  lastDay: string;
  people: number[];
  /** A colour of an option, or none. */
  color: string | null;
  place: string;
  isDone: boolean;
  isLate: boolean;
}

/** Where an entry is shown while it is dragged, and until the server has it. */
export interface Held {
  key: string;
  start: number;
  end: number;
}

export function calendarTypes(types: readonly ObjectType[]): CalendarType[] {
  return types.flatMap((type) => (type.calendar == null ? [] : [{ type, fields: type.calendar }]));
}

function fieldOf(type: ObjectType, name: string | null): Field | undefined {
  return type.fields.find((field) => field.name === name);
}

function timeOf(record: RecordItem, name: string | null): number | null {
  const ms = name === null ? NaN : Date.parse(asText(record.values[name]));
  return Number.isNaN(ms) ? null : ms;
}

/** The entry of a record; null for one without a time. */
export function entryOf(kind: CalendarType, record: RecordItem, zone: string | undefined, now: number): Entry | null {
  const { type, fields } = kind;
  const [begins, ends] = [timeOf(record, fields.begins), timeOf(record, fields.ends)];
  const start = begins ?? ends;
  if (start === null) return null;
  const done = doneField(type);
  const late = fieldOf(type, fields.ends);
  const option = fieldOf(type, fields.kind)?.settings.options?.find(({ key }) => fields.kind !== null && key === record.values[fields.kind]);
  const bare = {
    ...kind,
    key: `${type.name}-${record.id}`,
    record,
    isMoment: begins === null || ends === null,
    isWholeDays: fields.whole_days !== null && record.values[fields.whole_days] === true,
    people: fields.people.flatMap((name) => [asReference(record.values[name]), ...asReferences(record.values[name])].flatMap((user) => user?.id ?? [])),
    color: option?.color ?? null,
    place: fields.place === null ? '' : asText(record.values[fields.place]),
    isDone: done !== undefined && isDone(done, record.values[done.name]),
    isLate: late !== undefined && isOverdue(type, late, record, new Date(now)),
  };
  return placed({ ...bare, isAcross: false, firstDay: '', lastDay: '', start, end: start }, start, ends ?? start, zone);
}

/** The entry at another time. */
export function placed(entry: Entry, start: number, end: number, zone: string | undefined): Entry {
  const firstDay = dayAt(start, zone);
  // What ends at midnight does not touch the day that begins there.
  const lastDay = end > start ? dayAt(end - 1, zone) : firstDay;
  return { ...entry, start, end, firstDay, lastDay, isAcross: entry.isWholeDays || end - start >= DAY_MINUTES * MINUTE };
}

export function withHeld(entries: readonly Entry[], held: readonly Held[], zone: string | undefined): readonly Entry[] {
  if (held.length === 0) return entries;
  return entries.map((entry) => {
    const at = held.find(({ key }) => key === entry.key);
    return at === undefined ? entry : placed(entry, at.start, at.end, zone);
  });
}

/** The entry so many days and minutes of the wall clock later; it stays as long as it is. */
export function movedBy(entry: Entry, days: number, minutes: number, zone: string | undefined): Held {
  if (entry.isAcross) return { key: entry.key, start: shiftDays(entry.start, days, zone), end: shiftDays(entry.end, days, zone) };
  const start = momentOf(entry.firstDay, days * DAY_MINUTES + minutesAt(entry.start, zone) + minutes, zone);
  return { key: entry.key, start, end: start + entry.end - entry.start };
}

/** What is written when an entry is moved; `isStretched` gives a moment a beginning and an end. */
export function valuesAt({ fields, isMoment, record }: Entry, { start, end }: Held, isStretched: boolean): Values {
  const text = (ms: number): string => new Date(ms).toISOString();
  const only = isMoment && !isStretched;
  const isEmpty = (name: string): boolean => record.values[name] == null;
  return {
    ...(fields.begins === null || (only && isEmpty(fields.begins)) ? {} : { [fields.begins]: text(start) }),
    ...(fields.ends === null || (only && isEmpty(fields.ends)) ? {} : { [fields.ends]: text(end) }),
  };
}

export function mayMove({ type, fields, record }: Entry): boolean {
  return [fields.begins, fields.ends].every((name) => {
    const field = fieldOf(type, name);
    return field === undefined || mayEdit(record, field);
  });
}

/** Whether it can be made longer: it has a field for each of its times. */
export function mayStretch(entry: Entry): boolean {
  return entry.fields.begins !== null && entry.fields.ends !== null && mayMove(entry);
}

/** `task-12` → its parts. */
export function readKey(key: string): { type: string; id: number } | null {
  const match = /^([a-z_]+)-(\d+)$/.exec(key);
  return match === null ? null : { type: match[1] ?? '', id: Number(match[2]) };
}
