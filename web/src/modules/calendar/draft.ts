/** A new entry while it is drawn and named. */
import { DAY_MINUTES } from '@/util/times';

export interface Draft {
  day: string;
  /** Minutes of the wall clock. */
  from: number;
  to: number;
  isWholeDays: boolean;
  /** Whose, where each person has a column. */
  person: number | null;
  /** Its little form is shown; before that it is still being drawn. */
  isOpen: boolean;
  /** What was typed; it goes with the block, which changes its place. */
  title?: string;
  colleagues?: readonly number[];
  /** By the kind of entry, where one was chosen. */
  reminders?: Readonly<Record<string, string>>;
}

/** The column in which a draft stands: that of its person, else that of the reader, else the first of its day. */
export function columnOf<Column extends { day: string; person: number | null }>(columns: readonly Column[], draft: Draft | null, reader: number): Column | undefined {
  const ofDay = columns.filter(({ day }) => day === draft?.day);
  return ofDay.find(({ person }) => person === draft?.person) ?? ofDay.find(({ person }) => person === reader) ?? ofDay[0];
}

/** The next full hour of a day, or nine o'clock of another day than today. */
export function nextHour(day: string, today: string, minutes: number): Draft {
  const from = day === today ? Math.min(Math.ceil((minutes + 1) / 60) * 60, DAY_MINUTES - 60) : 9 * 60;
  return { day, from, to: from + 60, isWholeDays: false, person: null, isOpen: true };
}
