import { useTranslation } from 'react-i18next';

/** Why a letter did not leave: what it means, then the words of the server. */
export function useFailureText(): (code: string | null, text: string | null) => string {
  const { t } = useTranslation('mail');
  return (code, text) => {
    const meaning = code === null ? '' : t(`failures.${code}`, { defaultValue: '' });
    return [meaning, text === null || text === '' ? '' : t('failures.said', { text })].filter((part) => part !== '').join(' ');
  };
}
