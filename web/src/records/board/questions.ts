/** Questions about cards that wait for their answers: one is asked after the other, and each card has one. */

interface About {
  record: { id: number };
}

/** The others and this one behind them; in its place if the same card was asked about already. */
export function withQuestion<Question extends About>(questions: readonly Question[], asked: Question): readonly Question[] {
  const isKnown = questions.some(({ record }) => record.id === asked.record.id);
  return isKnown ? questions.map((other) => (other.record.id === asked.record.id ? asked : other)) : [...questions, asked];
}

/** What is left when a card is answered for, or has gone elsewhere. */
export function withoutQuestion<Question extends About>(questions: readonly Question[], id: number): readonly Question[] {
  return questions.filter(({ record }) => record.id !== id);
}
