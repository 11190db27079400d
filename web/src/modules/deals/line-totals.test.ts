import { describe, expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import { currencyOfLine, lineTotals } from './line-totals';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const vat = { id: 1, title: 'НДС', type: 'tax' };
const line = (values: object): RecordItem => ({ values }) as unknown as RecordItem;

describe('what lines come to', () => {
  it('is nothing without lines', () => expect(lineTotals([])).toBeNull());
  it('has each tax by itself', () => {
    const onTop = { tax: vat, tax_percent: 20, tax_amount: uah(2_000) };
    const lines = [
      line({ amount: uah(10_000), total: uah(12_000), ...onTop }),
      line({ amount: uah(10_000), total: uah(12_000), ...onTop }),
      line({ amount: uah(12_000), total: uah(12_000), tax: vat, tax_percent: 20, tax_is_included: true, tax_amount: uah(2_000) }),
      line({ amount: uah(5), total: uah(5) }),
    ];
    expect(lineTotals(lines)).toEqual({
      currency: 'UAH',
      amount: 32_005,
      total: 36_005,
      taxes: [
        { key: '1/20/false', name: 'НДС', percent: 20, isIncluded: false, amount: 4_000 },
        { key: '1/20/true', name: 'НДС', percent: 20, isIncluded: true, amount: 2_000 },
      ],
    });
  });
});

it('has the currency of its price, of the whole, or of the company', () => {
  const euro = { amount: 0, currency: 'EUR' };
  const whole = line({ budget: { amount: 0, currency: 'PLN' } });
  expect(currencyOfLine(line({ price: euro }), whole, 'KZT')).toBe('EUR');
  expect(currencyOfLine(line({}), whole, 'KZT')).toBe('PLN');
  expect(currencyOfLine(line({}), line({ lines_total: euro, budget: null }), 'KZT')).toBe('EUR');
  expect(currencyOfLine(line({ price: null }), line({}), 'KZT')).toBe('KZT');
});
