import { useState } from 'react';

/** A value that is saved as soon as it is chosen. */
export interface Wanted<Value> {
  /** What was chosen, from the press until its saving ends; then what is saved. */
  shown: Value;
  /** Shows the value until `saving` ends, well or not. */
  want: (value: Value, saving: Promise<unknown>) => void;
}

/** Between the press and the first word of the saving a box would jump back, so the choice is kept here. */
export function useWanted<Value>(saved: Value): Wanted<Value> {
  const [wanted, setWanted] = useState<{ value: Value } | null>(null);
  return {
    shown: wanted === null ? saved : wanted.value,
    want: (value, saving) => {
      const mine = { value };
      const settle = (): void => setWanted((current) => (current === mine ? null : current));
      setWanted(mine);
      void saving.then(settle, settle);
    },
  };
}
