/** What asks which later changes an undo keeps: one dialog of the frame, for the message that offers it outlives the screen it came from. */
import type { UndoAnswer } from '@/api/types';

export interface LaterQuestion {
  operationId: number;
  /** It has been undone: what is chosen goes back as an operation of its own. */
  isUndone: boolean;
  /** What is taken back, in a line. */
  line?: string;
  onDone?: (answer: UndoAnswer) => void;
}

let current: LaterQuestion | null = null;
const listeners = new Set<() => void>();

function publish(question: LaterQuestion | null): void {
  current = question;
  for (const listener of listeners) listener();
}

export function showLaterChanges(question: LaterQuestion): void {
  publish(question);
}

export function hideLaterChanges(): void {
  publish(null);
}

export const laterStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): LaterQuestion | null => current,
};
