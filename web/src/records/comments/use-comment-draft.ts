import { useState } from 'react';
import { EMPTY_DRAFT, type Draft } from './mentions';

/** What was typed and not yet sent outlives the page, until the window is closed. */
export function useCommentDraft(typeName: string, id: number): [Draft, (draft: Draft) => void] {
  const key = `comment/${typeName}/${id}`;
  const [draft, setDraft] = useState<Draft>(() => read(key));
  function change(next: Draft): void {
    setDraft(next);
    if (next.text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(next));
  }
  return [draft, change];
}

function read(key: string): Draft {
  const stored = sessionStorage.getItem(key);
  if (stored === null) return EMPTY_DRAFT;
  try {
    const { text, people } = JSON.parse(stored) as Partial<Draft>;
    return typeof text === 'string' && Array.isArray(people) ? { text, people } : EMPTY_DRAFT;
  } catch {
    return EMPTY_DRAFT;
  }
}
