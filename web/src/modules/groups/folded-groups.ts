/** Which branches of the tree are closed, remembered on this device. */
import { useState } from 'react';

const STORED = 'kartoteka.folded_groups';

function read(): ReadonlySet<number> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((id): id is number => typeof id === 'number') : []);
  } catch {
    return new Set();
  }
}

export interface FoldedGroups {
  isFolded: (id: number) => boolean;
  setFolded: (id: number, folded: boolean) => void;
}

export function useFoldedGroups(): FoldedGroups {
  const [folded, setFoldedIds] = useState(read);
  return {
    isFolded: (id) => folded.has(id),
    setFolded: (id, isFolded) => {
      const next = new Set(folded);
      if (isFolded) next.add(id);
      else next.delete(id);
      localStorage.setItem(STORED, JSON.stringify([...next]));
      setFoldedIds(next);
    },
  };
}
