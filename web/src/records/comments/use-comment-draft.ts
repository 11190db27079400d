import { useState } from 'react';
import { useSession } from '@/api/session';
import { dropStored, readStored, writeStored } from '@/util/drafts';
import { EMPTY_DRAFT, type Draft } from './mentions';

/** Forgets what was typed if it is still that: it has been sent, and its composer may be gone. */
export function dropSent(key: string, sent: Draft): void {
  if (read(key)?.text === sent.text) dropStored(key);
}

export interface CommentDraft {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  key: string;
  /** Whether somebody typed here and has not sent it. */
  isBegun: boolean;
  /** Forgets what was typed. */
  drop: () => void;
}

function keyOf(user: number, typeName: string, id: number): string {
  return `kartoteka.comment.${user}.${typeName}.${id}`;
}

/** Whether something else than `stored` was typed there before. */
export function useIsBegun(typeName: string, id: number, stored: Draft): boolean {
  const { user } = useSession();
  const typed = read(keyOf(user.id, typeName, id));
  return typed !== null && typed.text !== stored.text;
}

/**
 * What was typed and not yet sent outlives the page, until the window is closed; it is nobody else's. It belongs to the record that a new
 * comment is about, or to the comment that is being changed: of that `stored` is what it began with.
 */
export function useCommentDraft(typeName: string, id: number, stored: Draft = EMPTY_DRAFT): CommentDraft {
  const { user } = useSession();
  const key = keyOf(user.id, typeName, id);
  const [typed, setTyped] = useState<Draft | null>(() => read(key));
  function change(next: Draft): void {
    setTyped(next);
    if (next.text === stored.text) dropStored(key);
    else writeStored(key, next);
  }
  function drop(): void {
    setTyped(null);
    dropStored(key);
  }
  const draft = typed ?? stored;
  return { draft, setDraft: change, key, isBegun: draft.text !== stored.text, drop };
}

function read(key: string): Draft | null {
  const { text, people } = (readStored(key) ?? {}) as Partial<Draft>;
  return typeof text === 'string' && Array.isArray(people) ? { text, people: people.map((person) => ({ ...person, type: person.type === 'team' ? 'team' : 'user' })) } : null;
}
