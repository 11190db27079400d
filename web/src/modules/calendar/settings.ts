/** What of the calendar is remembered on the device: the view, whose time, and what of it. */
import { VIEWS, type View } from './search';

export interface Settings {
  view: View;
  users: readonly number[];
  /** Types that are not shown. */
  hidden: readonly string[];
  /** What is done is left out. */
  isOpenOnly: boolean;
}

/** Most people whose time is shown together: those of the server. */
export const MOST_PEOPLE = 20;

/** Colours of people, in the order in which they were chosen. */
const TONES = ['blue', 'green', 'purple', 'amber', 'teal', 'red', 'grey'] as const;

export function toneOfPerson(users: readonly number[], id: number): string {
  const at = users.indexOf(id);
  return TONES[at % TONES.length] ?? 'blue';
}

function storedKey(user: number): string {
  return `kartoteka.calendar.${user}`;
}

export function readSettings(user: number): Settings {
  const usual: Settings = { view: 'week', users: [user], hidden: [], isOpenOnly: false };
  try {
    const stored = JSON.parse(localStorage.getItem(storedKey(user)) ?? '{}') as Partial<Settings>;
    const users = (Array.isArray(stored.users) ? stored.users : []).filter((id) => Number.isSafeInteger(id) && id > 0).slice(0, MOST_PEOPLE);
    return {
      view: VIEWS.find((view) => view === stored.view) ?? usual.view,
      users: users.length > 0 ? users : usual.users,
      hidden: (Array.isArray(stored.hidden) ? stored.hidden : []).filter((name) => typeof name === 'string'),
      isOpenOnly: stored.isOpenOnly === true,
    };
  } catch {
    return usual;
  }
}

export function keepSettings(user: number, settings: Settings): void {
  localStorage.setItem(storedKey(user), JSON.stringify(settings));
}
