/** What somebody wants to see on timelines, for each type of cards, remembered on this device. */
import { useState } from 'react';
import { useSession } from '@/api/session';
import type { ChangedKinds } from './kinds';

export interface TimelineChoice {
  kinds: ChangedKinds;
  withOthers: boolean;
}

type Stored = Readonly<Record<string, TimelineChoice>>;

const NOTHING_CHOSEN: TimelineChoice = { kinds: {}, withOthers: true };

/** Reads what is stored; what makes no sense is left out. */
export function readChoices(text: string | null): Stored {
  try {
    const stored: unknown = JSON.parse(text ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).map(([type, choice]: [string, unknown]) => [type, readChoice(choice)]));
  } catch {
    return {};
  }
}

function readChoice(stored: unknown): TimelineChoice {
  const { kinds, withOthers } = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<Record<keyof TimelineChoice, unknown>>;
  const known = Object.entries(typeof kinds === 'object' && kinds !== null ? kinds : {}).filter(([, isShown]) => typeof isShown === 'boolean');
  return { kinds: Object.fromEntries(known) as ChangedKinds, withOthers: withOthers !== false };
}

export function useTimelineChoice(typeName: string): [TimelineChoice, (choice: TimelineChoice) => void] {
  const { user } = useSession();
  const key = `kartoteka.timeline.${user.id}`;
  const [stored, setStored] = useState(() => readChoices(localStorage.getItem(key)));
  const change = (choice: TimelineChoice): void => {
    const next = { ...readChoices(localStorage.getItem(key)), [typeName]: choice };
    localStorage.setItem(key, JSON.stringify(next));
    setStored(next);
  };
  return [stored[typeName] ?? NOTHING_CHOSEN, change];
}
