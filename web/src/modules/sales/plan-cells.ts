/** What stands in the cells of a sales plan, and what a change of them writes. */
import type { CellsRow } from '@/api/cells';
import { percentOf, type SalesMonth, type SalesPlan, type SalesPlanRow } from '@/api/sales-plan';
import type { Cursor } from '@/records/list/use-grid-keys';
import { currencyDecimals, minorUnits } from '@/util/currencies';

export const METRICS = ['amount', 'deals'] as const;
/** Goals are amounts, or numbers of won deals. */
export type Metric = (typeof METRICS)[number];

/** A cell in figures: what was planned, what was done, what may come, and how much of the plan is done. */
export interface Figures {
  planned: number | null;
  done: number | null;
  expected: number | null;
  percent: number | null;
}

export function figuresOf(month: SalesMonth, metric: Metric): Figures {
  const planned = metric === 'amount' ? month.planned : (month.goal?.deals ?? null);
  const done = metric === 'amount' ? (month.won.count === 0 ? 0 : month.won.amount) : month.won.count;
  const expected = metric === 'amount' ? month.open.weighted : month.open.count;
  return { planned, done, expected, percent: percentOf(done, planned) };
}

function added(one: number | null, other: number | null): number | null {
  return one === null ? other : other === null ? one : one + other;
}

/** Several months together: of one person over a year, of all people in a month. */
export function together(months: readonly SalesMonth[], metric: Metric): Figures {
  const sum = months.map((month) => figuresOf(month, metric)).reduce<Figures>(
    (all, { planned, done, expected }) => ({ planned: added(all.planned, planned), done: added(all.done, done), expected: added(all.expected, expected), percent: null }),
    { planned: null, done: null, expected: null, percent: null },
  );
  return { ...sum, percent: percentOf(sum.done, sum.planned) };
}

/** A number as a goal holds it: minor units of money, whole deals; null for none, undefined for what is no goal. */
export function goalOf(number: number | null, metric: Metric, currency: string): number | null | undefined {
  if (number === null) return null;
  if (number < 0 || !Number.isFinite(number)) return undefined;
  if (metric === 'deals') return Number.isInteger(number) ? number : undefined;
  return minorUnits(number, currency);
}

/** A goal as it is typed: in major units. */
export function typedGoal(goal: number | null, metric: Metric, currency: string): string {
  if (goal === null) return '';
  return String(metric === 'deals' ? goal : goal / 10 ** currencyDecimals(currency));
}

export interface GoalChange extends Cursor {
  goal: number | null;
}

function changed(month: SalesMonth, metric: Metric, goal: number | null, currency: string): SalesMonth {
  const before = month.goal ?? { id: 0, version: 0, amount: null, deals: null };
  return metric === 'amount'
    ? { ...month, planned: goal, goal: { ...before, amount: goal === null ? null : { amount: goal, currency } } }
    : { ...month, goal: { ...before, deals: goal } };
}

/** The plan as it will be. */
export function withGoals(plan: SalesPlan, changes: readonly GoalChange[], metric: Metric): SalesPlan {
  const rows = plan.rows.map((row, at) => {
    const own = changes.filter((change) => change.row === at);
    if (own.length === 0) return row;
    const months = row.months.map((month, column) => {
      const change = own.find((candidate) => candidate.column === column);
      return change === undefined ? month : changed(month, metric, change.goal, plan.currency);
    });
    return { ...row, months };
  });
  return { ...plan, rows };
}

/** What is written for changes of cells: goals that are there change, others are made. */
export function rowsToWrite(plan: SalesPlan, changes: readonly GoalChange[], metric: Metric): CellsRow[] {
  return changes.flatMap(({ row, column, goal }, at): CellsRow[] => {
    const [of, name] = [plan.rows[row], plan.months[column]];
    const month = of?.months[column];
    if (of === undefined || month === undefined || name === undefined || figuresOf(month, metric).planned === goal) return [];
    const value = metric === 'deals' || goal === null ? goal : { amount: goal, currency: plan.currency };
    if (month.goal !== null && month.goal.id > 0) return [{ id: month.goal.id, version: month.goal.version, values: { [metric]: value }, texts: {} }];
    if (goal === null) return [];
    return [{ id: -1 - at, version: 0, values: { [whose(of)]: of.of.id, month: `${name}-01`, [metric]: value }, texts: {} }];
  });
}

function whose({ of }: SalesPlanRow): 'team' | 'person' {
  return of.type === 'team' ? 'team' : 'person';
}

/** The deals that a fact counts. */
export function wonFilter(people: readonly number[], month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const who = people.length === 1 ? `responsible = ${people[0] ?? 0}` : `responsible in (${people.join(', ')})`;
  return `stage.meaning = won and closed_on >= ${month}-01 and closed_on <= ${month}-${last} and ${who}`;
}

/** What a clipboard puts where: from the active cell on, one value into all that is chosen. */
export function pasted(texts: readonly (readonly string[])[], from: Cursor, to: Cursor): { row: number; column: number; text: string }[] {
  const [top, left] = [Math.min(from.row, to.row), Math.min(from.column, to.column)];
  const only = texts.length === 1 && texts[0]?.length === 1 ? texts[0][0] : undefined;
  const rows = only === undefined ? texts.length : Math.abs(from.row - to.row) + 1;
  const cells: { row: number; column: number; text: string }[] = [];
  for (let row = 0; row < rows; row += 1) {
    const columns = only === undefined ? (texts[row]?.length ?? 0) : Math.abs(from.column - to.column) + 1;
    for (let column = 0; column < columns; column += 1) cells.push({ row: top + row, column: left + column, text: only ?? texts[row]?.[column] ?? '' });
  }
  return cells;
}
