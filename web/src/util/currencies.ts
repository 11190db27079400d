/** Currencies whose smallest unit is no hundredth, by decimal places; a test of the engine compares them with its own. Browsers disagree with ISO 4217 here. */
const OTHER_PLACES: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const PLACES: ReadonlyMap<string, number> = new Map(
  Object.entries(OTHER_PLACES).flatMap(([places, codes]) => codes.split(' ').map((code) => [code, Number(places)] as const)),
);

/** An amount in whole minor units, half away from zero; shifted in decimals, so that no binary fraction decides. */
export function minorUnits(amount: number, currency: string): number {
  const [digits = '', exponent = '0'] = String(Math.abs(amount)).split('e');
  return Math.sign(amount) * Math.round(Number(`${digits}e${Number(exponent) + currencyDecimals(currency)}`));
}

/** Digits after the point of a currency: 2 for UAH, 0 for JPY, 3 for KWD. */
export function currencyDecimals(currency: string): number {
  return PLACES.get(currency) ?? 2;
}
