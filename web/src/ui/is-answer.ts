/** How far an answer to what is typed has come; `isPlaceholderData` says that an earlier answer stands in its place. */
export interface AnswerState {
  isPending: boolean;
  isPlaceholderData: boolean;
}

/**
 * Whether what is shown answers what is typed now. A search follows the typing a little later,
 * and Enter pressed in between must not choose from the answer to an earlier text.
 */
export function isAnswerTo(typed: string, asked: string, answer: AnswerState): boolean {
  return typed.trim() === asked && !answer.isPending && !answer.isPlaceholderData;
}
