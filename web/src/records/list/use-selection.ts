import { useEffect, useMemo, useRef, useState } from 'react';

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
  add: (ids: readonly number[]) => void;
  set: (ids: readonly number[]) => void;
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

/** The ticked rows of a list. The changing functions stay the same as long as the list does. */
export function useSelection(scope: string, loaded: readonly number[]): Selection {
  const [ticked, setTicked] = useState<Ticked>({ scope, ...NONE });
  const latestLoaded = useRef(loaded);
  useEffect(() => {
    latestLoaded.current = loaded;
  });
  const changes = useMemo(() => {
    function change(next: (ticks: Ticks) => Ticks): void {
      setTicked((before) => ({ scope, ...next(before.scope === scope ? before : NONE) }));
    }
    return {
      toggle: (id: number) => change((ticks) => ({ ids: toggled(ticks, id, latestLoaded.current), isAllMatching: false })),
      add: (more: readonly number[]) => change(({ ids, isAllMatching }) => ({ ids: new Set([...ids, ...more]), isAllMatching })),
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
