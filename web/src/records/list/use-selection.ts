import { useMemo, useState } from 'react';

interface Ticked {
  /** The list the ticks belong to; another list starts with none. */
  scope: string;
  ids: ReadonlySet<number>;
  isAllMatching: boolean;
}

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

/** The ticked rows of a list. The changing functions stay the same as long as the list does. */
export function useSelection(scope: string): Selection {
  const [ticked, setTicked] = useState<Ticked>({ scope, ids: new Set(), isAllMatching: false });
  const changes = useMemo(() => {
    function change(next: (ids: Set<number>) => Set<number>, isAllMatching = false): void {
      setTicked((before) => ({ scope, ids: next(new Set(before.scope === scope ? before.ids : [])), isAllMatching }));
    }
    return {
      toggle: (id: number) =>
        change((ids) => {
          if (!ids.delete(id)) ids.add(id);
          return ids;
        }),
      add: (more: readonly number[]) => change((ids) => new Set([...ids, ...more])),
      set: (next: readonly number[]) => change(() => new Set(next)),
      selectAllMatching: () => change((ids) => ids, true),
      clear: () => change(() => new Set()),
    };
  }, [scope]);
  return useMemo(() => {
    const isCurrent = ticked.scope === scope;
    const ids = isCurrent ? ticked.ids : new Set<number>();
    const isAllMatching = isCurrent && ticked.isAllMatching;
    return { ...changes, ids, isAllMatching, has: (id) => isAllMatching || ids.has(id) };
  }, [ticked, scope, changes]);
}
