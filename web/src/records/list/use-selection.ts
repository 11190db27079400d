import { useEffect, useMemo, useRef, useState } from 'react';

/** What a range starts from: a row, and what was ticked before the range was drawn. */
interface Anchor {
  id: number;
  before: ReadonlySet<number> | null;
}

interface Ticks {
  ids: ReadonlySet<number>;
  isAllMatching: boolean;
}

interface Ticked extends Ticks {
  /** The list the ticks belong to; another list starts with none. */
  scope: string;
}

const NONE: Ticks = { ids: new Set(), isAllMatching: false };

export interface Selection {
  ids: ReadonlySet<number>;
  /** Everything the filter matches is meant, loaded or not. */
  isAllMatching: boolean;
  has: (id: number) => boolean;
  toggle: (id: number) => void;
  set: (ids: readonly number[]) => void;
  /** A range begins at this row. */
  point: (id: number) => void;
  /** Ticks from where the range began, or from the given row if none did, to this row; a second call draws the range anew. */
  reach: (id: number, fallback?: number) => void;
  selectAllMatching: () => void;
  clear: () => void;
}

/** The other way round for one row. "All but this one" can be meant only for what is loaded: those stay ticked. */
export function toggled({ ids, isAllMatching }: Ticks, id: number, loaded: readonly number[]): ReadonlySet<number> {
  const next = new Set(isAllMatching ? loaded : ids);
  if (isAllMatching || next.has(id)) next.delete(id);
  else next.add(id);
  return next;
}

/** The rows from one to another, both included, whichever comes first; only the last if the first is not loaded. */
export function between(loaded: readonly number[], from: number, to: number): number[] {
  const start = loaded.indexOf(from);
  const end = loaded.indexOf(to);
  if (start === -1 || end === -1) return [to];
  return loaded.slice(Math.min(start, end), Math.max(start, end) + 1);
}

/** The ticked rows of a list. The changing functions stay the same as long as the list does. */
export function useSelection(scope: string, loaded: readonly number[]): Selection {
  const [ticked, setTicked] = useState<Ticked>({ scope, ...NONE });
  const latestLoaded = useRef(loaded);
  const anchor = useRef<Anchor | null>(null);
  useEffect(() => {
    latestLoaded.current = loaded;
  });
  const changes = useMemo(() => {
    function change(next: (ticks: Ticks) => Ticks): void {
      setTicked((before) => ({ scope, ...next(before.scope === scope ? before : NONE) }));
    }
    return {
      toggle: (id: number) => {
        anchor.current = { id, before: null };
        change((ticks) => ({ ids: toggled(ticks, id, latestLoaded.current), isAllMatching: false }));
      },
      point: (id: number) => {
        anchor.current = { id, before: null };
      },
      reach: (id: number, fallback = id) => {
        const known = anchor.current;
        const { id: from, before } = known !== null && latestLoaded.current.includes(known.id) ? known : { id: fallback, before: null };
        const range = between(latestLoaded.current, from, id);
        change(({ ids, isAllMatching }) => {
          // Kept from the first call: rows that the range leaves again are ticked only if they were before.
          const kept = before ?? ids;
          anchor.current = { id: from, before: kept };
          return isAllMatching ? { ids, isAllMatching } : { ids: new Set([...kept, ...range]), isAllMatching };
        });
      },
      set: (next: readonly number[]) => change(() => ({ ids: new Set(next), isAllMatching: false })),
      selectAllMatching: () => change(({ ids }) => ({ ids, isAllMatching: true })),
      clear: () => change(() => NONE),
    };
  }, [scope]);
  return useMemo(() => {
    const { ids, isAllMatching } = ticked.scope === scope ? ticked : NONE;
    return { ...changes, ids, isAllMatching, has: (id) => isAllMatching || ids.has(id) };
  }, [ticked, scope, changes]);
}
