/** Where entries stand beside and above one another. */
import { MOMENT_MINUTES, type Entry } from './entries';
import { DAY_MINUTES, MINUTE, minutesAt } from '@/util/times';

/** No block is lower than this many minutes, so that its title can be read. */
const LEAST_MINUTES = 25;

/** The part of an entry that lies in one day, in minutes of the wall clock. */
export interface Piece {
  entry: Entry;
  top: number;
  bottom: number;
  /** It goes on before or behind this day. */
  isBegin: boolean;
  isEnd: boolean;
  /** Shares of the width of the day. */
  left: number;
  width: number;
}

function pieceOf(entry: Entry, day: string, zone: string | undefined): Piece | null {
  if (entry.isAcross || day < entry.firstDay || day > entry.lastDay) return null;
  const isBegin = day === entry.firstDay;
  const isEnd = day === entry.lastDay;
  const top = isBegin ? minutesAt(entry.start, zone) : 0;
  // When the clock is put back, an end may show an earlier time than its beginning: then it is as long as it lasts.
  const lasts = Math.max(entry.end - entry.start, entry.isMoment ? MOMENT_MINUTES * MINUTE : 0) / MINUTE;
  const shown = isEnd && !entry.isMoment ? minutesAt(entry.end, zone) || DAY_MINUTES : DAY_MINUTES;
  const bottom = !isEnd ? DAY_MINUTES : entry.isMoment || shown <= top ? top + lasts : shown;
  const least = Math.min(Math.max(bottom, top + LEAST_MINUTES), DAY_MINUTES);
  return { entry, top: Math.min(top, DAY_MINUTES - LEAST_MINUTES), bottom: least, isBegin, isEnd, left: 0, width: 1 };
}

/** The blocks of a day; those that meet share its width. */
export function piecesOf(entries: readonly Entry[], day: string, zone: string | undefined): Piece[] {
  const pieces = entries.flatMap((entry) => pieceOf(entry, day, zone) ?? []);
  pieces.sort((a, b) => a.top - b.top || b.bottom - a.bottom || a.entry.key.localeCompare(b.entry.key));
  let group: Piece[] = [];
  let columns: number[] = [];
  let places: number[] = [];
  let groupEnd = 0;
  const close = (): void => {
    group.forEach((piece, at) => {
      const column = places[at] ?? 0;
      // It widens to the right as far as nobody stands there.
      let span = 1;
      while (column + span < columns.length && !group.some((other, index) => places[index] === column + span && other.top < piece.bottom && piece.top < other.bottom)) span += 1;
      piece.left = column / columns.length;
      piece.width = span / columns.length;
    });
    [group, columns, places] = [[], [], []];
  };
  for (const piece of pieces) {
    if (piece.top >= groupEnd) close();
    const free = columns.findIndex((bottom) => bottom <= piece.top);
    const column = free === -1 ? columns.length : free;
    columns[column] = piece.bottom;
    places.push(column);
    group.push(piece);
    groupEnd = Math.max(groupEnd, piece.bottom);
  }
  close();
  return pieces;
}

/** A bar over one or more columns. */
export interface Bar {
  entry: Entry;
  first: number;
  last: number;
  lane: number;
  isBegin: boolean;
  isEnd: boolean;
}

/** Bars of entries over a row of days, each in the highest lane that is free. */
export function barsOf(entries: readonly Entry[], days: readonly string[]): Bar[] {
  const [from = '', to = ''] = [days[0], days.at(-1)];
  const bars = entries
    .filter((entry) => entry.firstDay <= to && entry.lastDay >= from)
    .map((entry): Bar => {
      const isBegin = entry.firstDay >= from;
      const isEnd = entry.lastDay <= to;
      return { entry, first: isBegin ? days.indexOf(entry.firstDay) : 0, last: isEnd ? days.indexOf(entry.lastDay) : days.length - 1, lane: 0, isBegin, isEnd };
    });
  // Days that are not shown, such as weekends, have no column.
  const shown = bars.filter(({ first, last }) => first !== -1 && last !== -1);
  shown.sort((a, b) => a.first - b.first || b.last - b.first - (a.last - a.first) || Number(b.entry.isAcross) - Number(a.entry.isAcross) || a.entry.start - b.entry.start);
  const ends: number[] = [];
  for (const bar of shown) {
    const free = ends.findIndex((end) => end < bar.first);
    bar.lane = free === -1 ? ends.length : free;
    ends[bar.lane] = bar.last;
  }
  return shown;
}
