import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import type { DestructionAct, SubjectPreview } from '@/api/personal-data';
import type { ObjectType } from '@/api/types';
import { useFormat } from '@/ui/use-format';

/** What an erasure takes away and what it leaves, in words. */
export function useRemains(type: ObjectType, { goes, stays, ...rest }: SubjectPreview | DestructionAct): { goes: string[]; stays: string[] } {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const { object_types: types } = useCatalog();
  const fields = (names: readonly string[]): string =>
    format.list(names.flatMap((name) => type.fields.filter((field) => field.name === name).map((field) => format.label(field.labels).toLowerCase())));
  const parts = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, count]) => {
      const part = types.find((candidate) => candidate.name === name);
      return `${part === undefined ? name : format.label(part.labels_plural)}: ${format.number(count)}`;
    });
  const counted = (['files', 'history_entries', 'imports', 'exports'] as const).filter((key) => goes[key] > 0);
  const merged = 'merged' in rest ? rest.merged : 0;
  return {
    goes: [
      t('remains.fields', { fields: fields(goes.fields) }),
      ...parts(goes.parts),
      ...(goes.work ?? []).map(({ type: name, treatment, count }) => {
        const label = format.label(types.find((candidate) => candidate.name === name)?.labels_plural);
        return t(treatment === 'delete' ? 'remains.work_deleted' : 'remains.work_cleared', { label, number: format.number(count) });
      }),
      ...counted.map((key) => t(`remains.${key}`, { count: goes[key], number: format.number(goes[key]) })),
      ...('imports' in rest ? rest.imports : []),
      ...(merged > 0 ? [t('remains.merged', { count: merged, number: format.number(merged) })] : []),
    ],
    stays: [
      t('remains.fields', { fields: fields(stays.fields) }),
      ...parts(stays.parts),
      ...stays.relations.map(({ count }) => t('remains.relations', { count, number: format.number(count) })),
      ...(stays.is_user ? [t('remains.user')] : []),
    ],
  };
}
