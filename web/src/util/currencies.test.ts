import { describe, expect, it } from 'vitest';
import { currencyDecimals, minorUnits } from './currencies';

describe('amounts', () => {
  it('have the decimals of their currency', () => {
    expect(['UAH', 'JPY', 'KWD', 'CLF', 'XYZ'].map(currencyDecimals)).toEqual([2, 0, 3, 4, 2]);
  });

  it.each([
    [1250.5, 'UAH', 125_050],
    // In binary it is a little less than a half.
    [1.005, 'UAH', 101],
    [-1.005, 'UAH', -101],
    [2.5, 'JPY', 3],
    [-2.5, 'JPY', -3],
    [1.0005, 'KWD', 1001],
    [0.0000001, 'UAH', 0],
    [90_071_992_547_409.9, 'UAH', 9_007_199_254_740_990],
  ])('%d %s is counted in minor units, half away from zero', (amount, currency, expected) => {
    expect(minorUnits(amount, currency) + 0).toBe(expected);
  });
});
