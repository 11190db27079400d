import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import type { TargetWords } from './target-options';

/** What the names of targets are made of besides the labels of the catalog; a group that has no name here stands with the details. */
export function useTargetWords(): TargetWords {
  const { t } = useTranslation(['import', 'fields']);
  const { language } = useFormat();
  return useMemo(
    () => ({
      language,
      group: (group) => t(`import:groups.${group}`, { defaultValue: t('import:groups.details') }),
      address: t('import:targets.address'),
      addressPart: (part) => t(`fields:addresses.${part}`, { defaultValue: part }).toLowerCase(),
      caption: t('import:targets.caption'),
      asExported: t('import:targets.as_exported'),
    }),
    [t, language],
  );
}
