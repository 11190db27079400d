/** What a notification shows beside its sentence, and where it leads. */
import type { Notification } from '@/api/notifications';
import { paths } from '@/records/paths';
import { dayOf } from '@/util/format';

/** Names that a row has room for. */
const NAMED = 3;

/** The names of its records; of more than have room the first ones, with dots. */
export function namesOf({ records, count }: Pick<Notification, 'records' | 'count'>): string {
  const names = records.slice(0, NAMED).map((record) => record.title ?? '');
  return names.join(', ') + (names.length > 0 && count > names.length ? ' …' : '');
}

/** The page that tells more: the card, the list of the cards, the import, else the own profile. */
export function linkOf({ records, count, job }: Pick<Notification, 'records' | 'count' | 'job'>) {
  const [first] = records;
  if (first !== undefined) {
    if (count === 1) return paths.card(first.type, first.id);
    // Of very many it is not known which they are.
    if (count > records.length) return paths.list(first.type);
    return paths.list(first.type, { filter: `id in (${records.map((record) => record.id).join(', ')})` });
  }
  if (job === null) return paths.profile();
  return job.import_id === null ? paths.operations() : paths.import(job.import_id);
}

export interface Day {
  /** `YYYY-MM-DD` in the time zone of the person. */
  day: string;
  items: Notification[];
}

/** The days of notifications, in their order. */
export function byDay(items: readonly Notification[], timeZone: string | undefined): Day[] {
  const days: Day[] = [];
  for (const item of items) {
    const day = dayOf(item.created_at, timeZone);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
