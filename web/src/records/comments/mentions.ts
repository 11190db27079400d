/**
 * People and teams named in a comment. They are stored as `@[Name](user:7)` and `@[Name](team:3)`, and while somebody writes it reads `@Name`:
 * who is meant stands beside the text then.
 */

export type MentionedType = 'user' | 'team';

export interface Mentioned {
  type: MentionedType;
  id: number;
  name: string;
}

/** A comment while it is written. */
export interface Draft {
  text: string;
  people: readonly Mentioned[];
}

export const EMPTY_DRAFT: Draft = { text: '', people: [] };

export type CommentPart = { kind: 'text'; text: string } | ({ kind: 'mention' } & Mentioned);

const STORED = /@\[([^\]]+)\]\((user|team):(\d+)\)/g;
/** An `@` at the beginning of a word, with what follows up to the caret: at most three words, as names have. */
const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]+){0,2})$/u;

/** A name as it can stand between the brackets. */
function plainName(name: string): string {
  return name.replace(/[[\]()\s]+/g, ' ').trim();
}

/** The texts and the people of a stored comment, in their order. */
export function partsOf(stored: string): CommentPart[] {
  const parts: CommentPart[] = [];
  let from = 0;
  for (const found of stored.matchAll(STORED)) {
    if (found.index > from) parts.push({ kind: 'text', text: stored.slice(from, found.index) });
    parts.push({ kind: 'mention', type: found[2] === 'team' ? 'team' : 'user', id: Number(found[3]), name: found[1] ?? '' });
    from = found.index + found[0].length;
  }
  if (from < stored.length) parts.push({ kind: 'text', text: stored.slice(from) });
  return parts;
}

/** A stored comment as it is edited. */
export function toDraft(stored: string): Draft {
  const parts = partsOf(stored);
  return {
    text: parts.map((part) => (part.kind === 'text' ? part.text : `@${part.name}`)).join(''),
    people: parts.filter((part) => part.kind === 'mention').map(({ type, id, name }) => ({ type, id, name })),
  };
}

/** A draft as it is stored: of the chosen people, those whose names still stand in the text. */
export function toStored({ text, people }: Draft): string {
  const longestFirst = [...people].sort((one, other) => other.name.length - one.name.length);
  let left = text.trim();
  let stored = '';
  while (left !== '') {
    const at = left.indexOf('@');
    if (at === -1) return stored + left;
    const behind = left.slice(at + 1);
    const person = longestFirst.find(({ name }) => behind.startsWith(name) && !/^[\p{L}\p{N}]/u.test(behind.slice(name.length)));
    stored += left.slice(0, at) + (person === undefined ? '@' : `@[${person.name}](${person.type}:${person.id})`);
    left = behind.slice(person?.name.length ?? 0);
  }
  return stored;
}

/** What is being looked for behind an `@` before the caret; null when nobody is. */
export function begunMention(text: string, caret: number): string | null {
  return BEGUN.exec(text.slice(0, caret))?.[1] ?? null;
}

/** The draft with the begun name before the caret replaced by a person, and where the caret stands then. */
export function withMention(draft: Draft, caret: number, begun: string, person: Mentioned): { draft: Draft; caret: number } {
  const name = plainName(person.name);
  const head = `${draft.text.slice(0, caret - begun.length)}${name} `;
  const { type, id } = person;
  const people = [...draft.people.filter((other) => other.id !== id || other.type !== type), { type, id, name }];
  return { draft: { text: head + draft.text.slice(caret).replace(/^ /, ''), people }, caret: head.length };
}
