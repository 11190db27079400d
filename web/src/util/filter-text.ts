/**
 * The text form of the filter language, as far as chips can show it: conditions joined by `and`.
 * Of `not` they show one thing, "has none of these" (`not tags has (5)`). What is richer (`or`, brackets) stays text;
 * `parseFilter` answers null for it.
 */

/** One value of a condition. `text` is quoted in the text form, `bare` is not (numbers, dates, `today - 7d`, `me`). */
export interface FilterValue {
  form: 'text' | 'bare';
  text: string;
}

export const FILTER_OPERATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'between',
  'in',
  'not_in',
  'contains',
  'starts_with',
  'ends_with',
  'has',
  /** `not … has`: the language has no word of its own for it. */
  'has_not',
  'has_all',
  'is_empty',
  'is_not_empty',
] as const;

export type FilterOperatorName = (typeof FILTER_OPERATORS)[number];

export interface FilterCondition {
  field: string;
  /** `city` of `addresses.city`. */
  part: string | null;
  operator: FilterOperatorName;
  values: FilterValue[];
}

type Token = { kind: 'word' | 'symbol' | 'number' | 'text'; text: string };

const TOKEN = /\s*(?:("(?:[^"\\]|\\["\\])*")|(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?)|(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*)|(<=|>=|!=|[=<>(),.+-]))/y;

function tokenise(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [, quoted, date, number, word, symbol] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.slice(1, -1).replace(/\\(["\\])/g, '$1') });
    else if (date !== undefined) tokens.push({ kind: 'number', text: date });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'symbol', text: symbol ?? '' });
  }
  return tokens;
}

/** Thrown inside the parser only; `parseFilter` turns it into null. */
class NotFlat extends Error {}

class Parser {
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  conditions(): FilterCondition[] {
    const found: FilterCondition[] = [];
    if (this.tokens.length === 0 || (this.tokens.length === 1 && this.isWord('all'))) return found;
    do found.push(this.takeWord('not') ? this.negation() : this.condition());
    while (this.takeWord('and'));
    if (this.position < this.tokens.length) throw new NotFlat();
    return found;
  }

  /** `tags has 5` or `(tags has 5)` after a `not`. */
  private negation(): FilterCondition {
    const isInBrackets = this.takeSymbol('(');
    const condition = this.condition();
    if (condition.operator !== 'has' || (isInBrackets && !this.takeSymbol(')'))) throw new NotFlat();
    return { ...condition, operator: 'has_not' };
  }

  private condition(): FilterCondition {
    const field = this.name();
    if (['not', 'all', 'or', 'and'].includes(field)) throw new NotFlat();
    const part = this.takeSymbol('.') ? this.name() : null;
    const make = (operator: FilterOperatorName, values: FilterValue[]): FilterCondition => ({ field, part, operator, values });
    for (const symbol of ['=', '!=', '<=', '>=', '<', '>'] as const) {
      if (this.takeSymbol(symbol)) return make(symbol, [this.value()]);
    }
    if (this.takeWord('between')) {
      const low = this.value();
      if (!this.takeWord('and')) throw new NotFlat();
      return make('between', [low, this.value()]);
    }
    if (this.takeWord('in')) return make('in', this.list());
    if (this.takeWord('contains')) return make('contains', [this.value()]);
    if (this.takeWord('starts') && this.takeWord('with')) return make('starts_with', [this.value()]);
    if (this.takeWord('ends') && this.takeWord('with')) return make('ends_with', [this.value()]);
    if (this.takeWord('has')) return make(this.takeWord('all') ? 'has_all' : 'has', this.valueOrList());
    if (this.takeWord('is')) {
      const operator = this.takeWord('not') ? 'is_not_empty' : 'is_empty';
      if (!this.takeWord('empty')) throw new NotFlat();
      return make(operator, []);
    }
    if (this.takeWord('not') && this.takeWord('in')) return make('not_in', this.list());
    throw new NotFlat();
  }

  private valueOrList(): FilterValue[] {
    return this.peek()?.text === '(' && this.peek()?.kind === 'symbol' ? this.list() : [this.value()];
  }

  private list(): FilterValue[] {
    if (!this.takeSymbol('(')) throw new NotFlat();
    const values: FilterValue[] = [];
    if (this.takeSymbol(')')) return values;
    do values.push(this.value());
    while (this.takeSymbol(','));
    if (!this.takeSymbol(')')) throw new NotFlat();
    return values;
  }

  private value(): FilterValue {
    const token = this.next();
    if (token.kind === 'text') return { form: 'text', text: token.text };
    if (token.kind === 'number') return { form: 'bare', text: token.text };
    if (token.kind !== 'word') throw new NotFlat();
    const word = token.text.toLowerCase();
    if (word === 'today' || word === 'now') return { form: 'bare', text: word + this.offset() };
    if (word === 'me' || word === 'true' || word === 'false') return { form: 'bare', text: word };
    return { form: 'text', text: token.text };
  }

  /** ` - 30d` after `today` or `now`. The sign may stick to the digits. */
  private offset(): string {
    const token = this.peek();
    if (token?.kind === 'number' && token.text.startsWith('-')) {
      this.position += 1;
      return ` - ${token.text.slice(1)}${this.unit()}`;
    }
    if (token?.kind !== 'symbol' || (token.text !== '+' && token.text !== '-')) return '';
    this.position += 1;
    const count = this.next();
    if (count.kind !== 'number') throw new NotFlat();
    return ` ${token.text} ${count.text}${this.unit()}`;
  }

  private unit(): string {
    const token = this.next();
    if (token.kind !== 'word' || !/^[dwmh]$/.test(token.text)) throw new NotFlat();
    return token.text;
  }

  private name(): string {
    const token = this.next();
    if (token.kind !== 'word') throw new NotFlat();
    return token.text;
  }

  private next(): Token {
    const token = this.tokens[this.position];
    if (token === undefined) throw new NotFlat();
    this.position += 1;
    return token;
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  private takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.position += 1;
    return true;
  }

  private takeSymbol(symbol: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.position += 1;
    return true;
  }
}

/** The conditions of a filter that is a plain conjunction; null when it is richer or not well-formed. */
export function parseFilter(text: string): FilterCondition[] | null {
  const tokens = tokenise(text);
  if (tokens === null) return null;
  try {
    return new Parser(tokens).conditions();
  } catch (error) {
    if (error instanceof NotFlat) return null;
    throw error;
  }
}

function printValue(value: FilterValue): string {
  return value.form === 'bare' ? value.text : `"${value.text.replace(/[\\"]/g, '\\$&')}"`;
}

function printCondition({ field, part, operator, values }: FilterCondition): string {
  const path = part === null ? field : `${field}.${part}`;
  const printed = values.map(printValue);
  const [first = '""', second = '""'] = printed;
  switch (operator) {
    case 'between':
      return `${path} between ${first} and ${second}`;
    case 'in':
      return `${path} in (${printed.join(', ')})`;
    case 'not_in':
      return `${path} not in (${printed.join(', ')})`;
    case 'has':
      return `${path} has (${printed.join(', ')})`;
    case 'has_not':
      return `not ${path} has (${printed.join(', ')})`;
    case 'has_all':
      return `${path} has all (${printed.join(', ')})`;
    case 'starts_with':
      return `${path} starts with ${first}`;
    case 'ends_with':
      return `${path} ends with ${first}`;
    case 'is_empty':
      return `${path} is empty`;
    case 'is_not_empty':
      return `${path} is not empty`;
    default:
      return `${path} ${operator} ${first}`;
  }
}

/** The text form of a conjunction; the empty text for no conditions. */
export function printFilter(conditions: readonly FilterCondition[]): string {
  return conditions.map(printCondition).join(' and ');
}

/** Two filters that must both hold; either may be empty. */
export function bothFilters(first: string | undefined, second: string | undefined): string | undefined {
  const parts = [first, second].filter((part): part is string => part !== undefined && part.trim() !== '');
  if (parts.length < 2) return parts[0];
  return parts.map((part) => (parseFilter(part) === null ? `(${part})` : part)).join(' and ');
}

/** The catalog may write operators with spaces, as the text form does. */
export function readOperator(text: string): FilterOperatorName | undefined {
  const name = text.trim().replaceAll(' ', '_');
  return FILTER_OPERATORS.find((operator) => operator === name);
}
