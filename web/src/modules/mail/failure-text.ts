import type { TFunction } from 'i18next';

/** Why a letter did not leave: what it means, then the words of the server. */
export function failureText(t: TFunction, code: string | null, text: string | null): string {
  const meaning = code === null ? '' : t(`failures.${code}`, { ns: 'mail', defaultValue: '' });
  return [meaning, text === null || text === '' ? '' : t('failures.said', { ns: 'mail', text })].filter((part) => part !== '').join(' ');
}
