/** Which later changes are kept and which go back: kept unless chosen, or all but some. */
import type { ChangeChoice, LaterChange, Overwrite } from '@/api/operations';

export interface LaterChoices {
  /** Everything goes back, also what has not been listed; `differ` are those that stay. Otherwise `differ` are those that go back. */
  isAll: boolean;
  differ: ReadonlyMap<string, ChangeChoice>;
}

export const KEEP_ALL: LaterChoices = { isAll: false, differ: new Map() };
export const TAKE_ALL: LaterChoices = { isAll: true, differ: new Map() };

export function changeKey({ type, id, field }: Pick<LaterChange, 'type' | 'id' | 'field'>): string {
  return `${type}/${id}/${field ?? ''}`;
}

export function isTaken(choices: LaterChoices, change: LaterChange): boolean {
  return change.can_overwrite && choices.differ.has(changeKey(change)) !== choices.isAll;
}

export function withChoice(choices: LaterChoices, change: LaterChange, takes: boolean): LaterChoices {
  const differ = new Map(choices.differ);
  const { type, id, field, version } = change;
  if (takes === choices.isAll) differ.delete(changeKey(change));
  else differ.set(changeKey(change), { type, id, field, version });
  return { ...choices, differ };
}

/** What the server is asked for. */
export function overwriteOf({ isAll, differ }: LaterChoices): Overwrite {
  const listed = [...differ.values()];
  if (isAll) return { overwrite_all: true, keep: listed };
  return listed.length === 0 ? {} : { overwrite: listed };
}

/** The words of the button that does it, as a key of the texts. */
export function confirmWords({ isAll, differ }: LaterChoices, isUndone: boolean): { key: 'undo_keeping' | 'undo_taking' | 'undo_all' | 'undo_most' | 'take' | 'take_all' | 'take_most' | 'choose_first'; count: number } {
  const count = differ.size;
  if (isAll) return { key: count === 0 ? (isUndone ? 'take_all' : 'undo_all') : isUndone ? 'take_most' : 'undo_most', count };
  if (count === 0) return { key: isUndone ? 'choose_first' : 'undo_keeping', count };
  return { key: isUndone ? 'take' : 'undo_taking', count };
}
