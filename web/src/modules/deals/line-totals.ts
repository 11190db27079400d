/** What the lines of a deal or an order come to together: the taxes that the lines have, each by itself, and the total. */
import type { FieldValue, RecordItem } from '@/api/types';
import { asMoney, asReference } from '@/fields/values';

export interface TaxTotal {
  key: string;
  name: string;
  percent: number;
  isIncluded: boolean;
  amount: number;
}

export interface LineTotals {
  currency: string;
  /** After discounts, before the taxes that come on top. */
  amount: number;
  taxes: TaxTotal[];
  total: number;
}

const TAXES = [
  ['tax', 'tax_percent', 'tax_is_included', 'tax_amount'],
  ['second_tax', 'second_tax_percent', 'second_tax_is_included', 'second_tax_amount'],
] as const;

/** Whole minor units of one currency; null when there are no lines. */
export function lineTotals(lines: readonly RecordItem[]): LineTotals | null {
  const currency = lines.map((line) => asMoney(line.values.total)?.currency).find((code) => code !== undefined);
  if (currency === undefined) return null;
  const sum = (name: string): number => lines.reduce((total, line) => total + (asMoney(line.values[name])?.amount ?? 0), 0);
  const taxes = new Map<string, TaxTotal>();
  for (const { values } of lines) {
    for (const [reference, percent, included, amount] of TAXES) {
      const tax = asReference(values[reference]);
      const counted = asMoney(values[amount]);
      if (tax === null || counted === null) continue;
      const isIncluded = values[included] === true;
      const key = `${tax.id}/${numberOf(values[percent])}/${isIncluded}`;
      const known = taxes.get(key) ?? { key, name: tax.title, percent: numberOf(values[percent]), isIncluded, amount: 0 };
      taxes.set(key, { ...known, amount: known.amount + counted.amount });
    }
  }
  return { currency, amount: sum('amount'), taxes: [...taxes.values()], total: sum('total') };
}

/** The currency of a line: that of its price, of what has the line, or of the company. */
export function currencyOfLine(line: RecordItem, whole: RecordItem, own: string): string {
  const known = [line.values.price, whole.values.lines_total, whole.values.budget].map((value) => asMoney(value)?.currency);
  return known.find((code) => code !== undefined) ?? own;
}

function numberOf(value: FieldValue): number {
  return typeof value === 'number' ? value : 0;
}
