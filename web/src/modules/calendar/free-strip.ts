/** Where the hours of a day stand in a strip: pure. */
import type { Stretch } from '@/api/free-times';
import { DAY_MINUTES, dayAt, minutesAt } from '@/util/times';

/** The hours that a strip shows when nobody works outside of them. */
const USUAL: readonly [number, number] = [8 * 60, 19 * 60];

/** From and to, in minutes of the wall clock of a day. */
export type Minutes = readonly [number, number];

/** What of a stretch lies on a day, on the wall; null for one of other days. */
export function onDay({ from, to }: Stretch, day: string, zone: string | undefined): Minutes | null {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const [first, last] = [dayAt(begin, zone), dayAt(end - 1, zone)];
  if (day < first || day > last) return null;
  return [day === first ? minutesAt(begin, zone) : 0, day === last ? minutesAt(end, zone) || DAY_MINUTES : DAY_MINUTES];
}

export function allOnDay(stretches: readonly Stretch[], day: string, zone: string | undefined): Minutes[] {
  return stretches.flatMap((stretch) => {
    const found = onDay(stretch, day, zone);
    return found === null ? [] : [found];
  });
}

/** The hours that are shown: whole ones, so that everybody's hours and what is chosen stand in them. */
export function windowOf(hours: readonly Minutes[]): Minutes {
  const from = Math.min(USUAL[0], ...hours.map(([begin]) => begin));
  const to = Math.max(USUAL[1], ...hours.map(([, end]) => end));
  return [Math.floor(from / 60) * 60, Math.ceil(to / 60) * 60];
}

/** Left edge and width in percent of the window; null outside of it. */
export function placeIn([from, to]: Minutes, [first, last]: Minutes): { left: string; width: string } | null {
  const [begin, end] = [Math.max(from, first), Math.min(to, last)];
  if (begin >= end) return null;
  const percent = (minutes: number): string => `${(minutes / (last - first)) * 100}%`;
  return { left: percent(begin - first), width: percent(end - begin) };
}
