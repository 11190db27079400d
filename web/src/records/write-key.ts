/** The key of a write that may be sent twice, as its answer may be lost on the way. */
import { newIdempotencyKey } from '@/api/client';

export interface WriteKey {
  /** What is the same has the same key until it is written: what arrived without an answer is not written again. */
  of: (what: unknown) => string;
  /** The same once more is another one. */
  renew: () => void;
}

export function writeKey(): WriteKey {
  let last: { text: string; key: string } | null = null;
  return {
    of: (what) => {
      const text = JSON.stringify(what);
      if (last?.text !== text) last = { text, key: newIdempotencyKey() };
      return last.key;
    },
    renew: () => {
      last = null;
    },
  };
}
