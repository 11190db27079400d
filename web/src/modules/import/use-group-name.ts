import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The name of a group of targets; one that has no name here stands with the details. */
export function useGroupName(): (group: string) => string {
  const { t } = useTranslation('import');
  return useCallback((group: string) => t(`groups.${group}`, { defaultValue: t('groups.details') }), [t]);
}
