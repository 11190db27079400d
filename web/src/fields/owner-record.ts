import { createContext } from 'react';
import type { Values } from '@/api/types';

/** The record whose field is shown or edited. */
export interface OwnerRecord {
  type: string;
  /** Null while it is being made. */
  id: number | null;
  values: Values;
}

/** What a field offers may depend on its record, and a chip leads to the list of its like. Null where a field stands alone: in conditions. */
export const Owner = createContext<OwnerRecord | null>(null);
