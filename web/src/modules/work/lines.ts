/** Lines that are written one after another, and what becomes of them where one of them fails. */
import { newIdempotencyKey } from '@/api/client';

export interface Line {
  text: string;
  place: number;
  /** Sent twice, it is still one record. */
  key: string;
}

/** What is written for texts that come behind `last`. The line that failed before keeps its place and its key: it may have arrived without an answer. */
export function linesFor(texts: readonly string[], last: number, failed: Line | null): Line[] {
  const again = failed !== null && texts[0] === failed.text ? failed : null;
  const begin = Math.max(last, again?.place ?? last);
  const others = again === null ? texts : texts.slice(1);
  return [...(again === null ? [] : [again]), ...others.map((text, at) => ({ text, place: begin + at + 1, key: newIdempotencyKey() }))];
}

/** Writes one after another up to the first that fails; answers what was not written, and why. */
export async function writeInTurn(lines: readonly Line[], write: (line: Line) => Promise<unknown>): Promise<{ rest: readonly Line[]; error: unknown } | null> {
  for (const [at, line] of lines.entries()) {
    try {
      await write(line);
    } catch (error) {
      return { rest: lines.slice(at), error };
    }
  }
  return null;
}
