/**
 * Problem codes → sentences. The server sends a code with parameters; the words live in
 * `locales/*.json` under `codes`, so that an error reads in the language of the page.
 */
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from './client';
import type { FieldProblem, ProblemParams } from './types';

/** The sentence for a code; unknown codes fall back to `codes.internal`, never to a raw code. */
export function translateCode(t: TFunction, code: string, params: ProblemParams = {}): string {
  // Plural texts need a number; where the server gave none, a minute is a safe promise.
  const options = { count: 60, ...params, ns: 'api', defaultValue: '' };
  const text = t(`codes.${code === 'out_of_range' ? rangeCode(params) : code}`, options);
  return text === '' ? generalText(t, params) : text;
}

/** What is said where there is nothing better, also before the texts of errors have come. */
function generalText(t: TFunction, params: ProblemParams = {}): string {
  return t('codes.internal', { ns: 'api', ...params, defaultValue: t('ui:could_not_load') });
}

/** Bounds beyond this are technical and would only puzzle people. */
const LARGEST_TOLD = 1e12;

function rangeCode({ minimum, maximum }: ProblemParams): string {
  const hasMinimum = typeof minimum === 'number' && minimum > -LARGEST_TOLD;
  const hasMaximum = typeof maximum === 'number' && maximum < LARGEST_TOLD;
  if (hasMinimum && hasMaximum) return 'out_of_range_between';
  if (hasMinimum) return 'out_of_range_minimum';
  return hasMaximum ? 'out_of_range_maximum' : 'out_of_range';
}

const WHEN = { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' } as const;

/** The sentence for whatever was thrown. */
export function translateError(t: TFunction, error: unknown): string {
  if (!isApiError(error)) return generalText(t);
  const { problem } = error;
  const [only, another] = problem.errors ?? [];
  if (problem.code === 'validation_failed' && only !== undefined && another === undefined) {
    return translateCode(t, only.code, only.params);
  }
  const seconds = error.retryAfterSeconds;
  if (seconds !== null) return translateCode(t, problem.code, { ...problem.params, count: seconds });
  const opensAt = problem.code === 'outside_hours' ? problem.params?.opens_at : null;
  // Nobody is logged in there, so the clock is that of the device.
  if (typeof opensAt === 'string') return translateCode(t, 'outside_hours_until', { when: new Date(opensAt).toLocaleString(document.documentElement.lang, WHEN) });
  return translateCode(t, problem.code, problem.params);
}

/** The function that turns anything thrown into a sentence of the current language. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation('api');
  return useCallback((error: unknown) => translateError(t, error), [t]);
}

/** The same for one field error of a 422 answer. */
export function useCodeText(): (code: string, params?: ProblemParams) => string {
  const { t } = useTranslation('api');
  return useCallback((code: string, params?: ProblemParams) => translateCode(t, code, params), [t]);
}

/** The field errors of a refused write, by field name (the first token after `/values/`). */
export function fieldProblems(error: unknown): ReadonlyMap<string, FieldProblem[]> {
  const byField = new Map<string, FieldProblem[]>();
  if (!isApiError(error)) return byField;
  for (const problem of error.problem.errors ?? []) {
    const name = pointerTokens(problem.pointer)[0] ?? '';
    byField.set(name, [...(byField.get(name) ?? []), problem]);
  }
  return byField;
}

/** `/values/channels/0/value` → `["channels", "0", "value"]`; the leading `values` is dropped. */
export function pointerTokens(pointer: string): string[] {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return tokens[0] === 'values' ? tokens.slice(1) : tokens;
}
