import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type Dispatch, type SetStateAction } from 'react';
import { isSessionOver, useSession } from '@/api/session';
import { dropDraft, formKey, readDraft, writeDraft } from '@/util/drafts';

type Reset = () => void;

/** What stands in an open form, in the storage of the tab as long as it differs from what the form began with. */
export class FormDraft {
  /** Something was restored when the form was opened. */
  readonly isRestored: boolean;
  private readonly values: Record<string, unknown>;
  private readonly resets = new Set<Reset>();

  constructor(
    private readonly key: string,
    private readonly label: string,
  ) {
    const stored = readDraft(key);
    this.isRestored = stored !== null && Object.keys(stored.values).length > 0;
    this.values = { ...stored?.values };
  }

  begin<T>(name: string, initial: T): T {
    return name in this.values ? (this.values[name] as T) : initial;
  }

  change(name: string, value: unknown, isInitial: boolean): void {
    if (isInitial) Reflect.deleteProperty(this.values, name);
    else this.values[name] = value;
    this.store(false);
  }

  /** The session is over: it waits for whoever typed it. */
  keep(): void {
    this.store(true);
  }

  /** The form was saved or given up. */
  drop(): void {
    dropDraft(this.key);
  }

  /** Puts the form back to what it began with. */
  startAfresh(): void {
    for (const reset of this.resets) reset();
  }

  onReset(reset: Reset): () => void {
    this.resets.add(reset);
    return () => this.resets.delete(reset);
  }

  private store(isKept: boolean): void {
    if (Object.keys(this.values).length === 0) dropDraft(this.key);
    else writeDraft(this.key, { label: this.label, path: `${window.location.pathname}${window.location.search}`, isKept, values: this.values });
  }
}

/**
 * Keeps what is typed into a form over the end of a session and over a reload. `form` names the form and what it is about (`team.7`), `label` names it
 * for people. Secrets do not belong into a draft: leave their inputs with `useState`.
 */
export function useDraft(form: string, label: string): FormDraft {
  const key = formKey(useSession().user.id, form);
  const client = useQueryClient();
  const [draft] = useState(() => new FormDraft(key, label));
  useEffect(
    () => () => {
      if (isSessionOver(client)) draft.keep();
      else draft.drop();
    },
    [client, draft],
  );
  return draft;
}

/** `useState` for a part of a form that is kept. What it begins with must be plain JSON. */
export function useKept<T>(draft: FormDraft, name: string, initial: T): [T, Dispatch<SetStateAction<T>>] {
  const [begun] = useState(initial);
  const [value, setValue] = useState<T>(() => draft.begin(name, begun));
  useEffect(() => draft.change(name, value, JSON.stringify(value) === JSON.stringify(begun)), [draft, name, value, begun]);
  useEffect(() => draft.onReset(() => setValue(begun)), [draft, begun]);
  return [value, setValue];
}
