/**
 * A filter taken apart at its outermost `and` or `or`: `(kind = person) or (warmth = hot)`. Chips show one conjunction;
 * a condition of the program joined with one of an administrator is richer than that.
 */

export interface FilterParts {
  word: 'and' | 'or';
  parts: string[];
}

/** The pieces between the words that stand outside of brackets and quotes; `between … and …` is one piece. Null where brackets do not match. */
function piecesOf(text: string, word: 'and' | 'or'): string[] | null {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  let isBetween = false;
  const token = /"(?:[^"\\]|\\.)*"|[()]|[A-Za-z_][A-Za-z0-9_]*/g;
  for (const match of text.matchAll(token)) {
    const found = match[0];
    if (found === '(') depth += 1;
    else if (found === ')') depth -= 1;
    if (depth < 0) return null;
    if (depth > 0) continue;
    const lower = found.toLowerCase();
    if (lower === 'between') isBetween = true;
    else if (lower === 'and' && isBetween) isBetween = false;
    else if (lower === word) {
      pieces.push(text.slice(start, match.index).trim());
      start = match.index + found.length;
    }
  }
  return depth === 0 ? [...pieces, text.slice(start).trim()] : null;
}

/** `(a = b)` without its brackets, if they belong together. */
function unwrap(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  const inner = text.slice(1, -1).trim();
  return piecesOf(inner, 'or') === null ? text : inner;
}

/** Null for one plain condition. `or` binds more loosely than `and`. */
export function splitFilter(text: string): FilterParts | null {
  const whole = unwrap(text.trim());
  for (const word of ['or', 'and'] as const) {
    const pieces = piecesOf(whole, word);
    if (pieces !== null && pieces.length > 1) return { word, parts: pieces.map(unwrap) };
  }
  return whole === text.trim() ? null : { word: 'and', parts: [whole] };
}
