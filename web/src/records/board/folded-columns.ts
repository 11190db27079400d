/** Which columns of a board are folded, for each view and field, remembered on this device: a shared view is folded by everybody for himself. */
import { useState } from 'react';

const STORED = 'kartoteka.folded_columns';
/** The column of records without a value. */
const NONE = '';

type Stored = Readonly<Record<string, readonly string[]>>;

/** Reads what is stored; what makes no sense is left out. */
export function readFolded(text: string | null): Stored {
  try {
    const stored: unknown = JSON.parse(text ?? '{}');
    if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
    return Object.fromEntries(
      Object.entries(stored).flatMap(([board, keys]: [string, unknown]) =>
        Array.isArray(keys) ? [[board, keys.filter((key): key is string => typeof key === 'string')] as const] : [],
      ),
    );
  } catch {
    return {};
  }
}

export interface FoldedColumns {
  isFolded: (key: string | null) => boolean;
  setFolded: (key: string | null, folded: boolean) => void;
}

export function useFoldedColumns(typeName: string, view: number | undefined, field: string): FoldedColumns {
  const [stored, setStored] = useState(() => readFolded(localStorage.getItem(STORED)));
  const board = `${typeName}/${view ?? 0}/${field}`;
  const keys = stored[board] ?? [];
  return {
    isFolded: (key) => keys.includes(key ?? NONE),
    setFolded: (key, folded) => {
      const others = keys.filter((other) => other !== (key ?? NONE));
      const next = { ...stored, [board]: folded ? [...others, key ?? NONE] : others };
      localStorage.setItem(STORED, JSON.stringify(next));
      setStored(next);
    },
  };
}
