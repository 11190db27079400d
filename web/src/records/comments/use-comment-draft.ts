import { useState } from 'react';
import { useSession } from '@/api/session';
import { EMPTY_DRAFT, type Draft } from './mentions';

/** Forgets what was typed if it is still that: it has been sent, and its composer may be gone. */
export function dropSent(key: string, sent: Draft): void {
  if (read(key).text === sent.text) sessionStorage.removeItem(key);
}

/** What was typed and not yet sent outlives the page, until the window is closed; it is nobody else's. */
export function useCommentDraft(typeName: string, id: number): { draft: Draft; setDraft: (draft: Draft) => void; key: string } {
  const { user } = useSession();
  const key = `kartoteka.comment.${user.id}.${typeName}.${id}`;
  const [draft, setDraft] = useState<Draft>(() => read(key));
  function change(next: Draft): void {
    setDraft(next);
    if (next.text === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(next));
  }
  return { draft, setDraft: change, key };
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
