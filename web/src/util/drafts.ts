/**
 * What was typed and is not saved, by the form and whose it is. It lives in the storage of the tab: it outlasts a reload and the end of a session,
 * and is gone with the window, so that a shared computer keeps nothing of anybody.
 */

const PREFIX = 'kartoteka.form.';

/** What stands under a key; null when nothing does, or nothing that can be read. */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: unknown): void {
  sessionStorage.setItem(key, JSON.stringify(value));
}

export function dropStored(key: string): void {
  sessionStorage.removeItem(key);
}

export interface StoredDraft {
  /** What the form is called, for whoever comes back to it. */
  label: string;
  /** Where it was open. */
  path: string;
  /** The session ended under it. */
  isKept: boolean;
  values: Readonly<Record<string, unknown>>;
}

function isDraft(value: unknown): value is StoredDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { label, path, values } = value as Partial<StoredDraft>;
  return typeof label === 'string' && typeof path === 'string' && typeof values === 'object' && values !== null;
}

type Listener = () => void;
const listeners = new Set<Listener>();

function tell(): void {
  for (const listener of listeners) listener();
}

export function formKey(userId: number, form: string): string {
  return `${PREFIX}${userId}.${form}`;
}

export function readDraft(key: string): StoredDraft | null {
  const stored = readStored(key);
  return isDraft(stored) ? stored : null;
}

export function writeDraft(key: string, draft: StoredDraft): void {
  writeStored(key, draft);
  if (draft.isKept) tell();
}

export function dropDraft(key: string): void {
  if (sessionStorage.getItem(key) === null) return;
  dropStored(key);
  tell();
}

let last: { text: string; drafts: readonly (StoredDraft & { key: string })[] } = { text: '[]', drafts: [] };

/** The drafts over which a session of this person ended; the same array as long as they are the same. */
export function keptDrafts(userId: number): readonly (StoredDraft & { key: string })[] {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(formKey(userId, '')));
  const drafts = keys.sort().flatMap((key) => {
    const draft = readDraft(key);
    return draft?.isKept === true ? [{ ...draft, key }] : [];
  });
  const text = JSON.stringify(drafts);
  if (text !== last.text) last = { text, drafts };
  return last.drafts;
}

export function followDrafts(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
