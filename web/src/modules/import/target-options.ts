/** Where a column can go, as choices: targets of one kind of channel or one address stand together. */
import type { Field, ImportColumn, ImportTarget, ObjectType } from '@/api/types';
import type { SelectOption } from '@/ui/Select';
import { labelIn, type Labels } from '@/util/languages';

/** The name of the field that a target fills: `channels` of `channels.phone.mobile`. */
export function fieldNameOf(target: string): string {
  return target.split(/[.:]/)[0] ?? target;
}

function subgroupLabels(field: Field | undefined, key: string): Labels | null {
  const part = key.split(/[.:]/)[1];
  if (field?.kind === 'channels') return field.settings.kinds?.find((kind) => kind.key === part)?.labels ?? null;
  return field?.kind === 'addresses' ? field.labels : null;
}

/** The targets of an import as options of a drop-down, in the language of the page. */
export function targetOptions(
  targets: readonly ImportTarget[],
  type: ObjectType | undefined,
  language: string,
  groupName: (group: string) => string,
): SelectOption[] {
  return targets.map(({ key, labels, group }) => {
    const field = type?.fields.find((candidate) => candidate.name === fieldNameOf(key));
    const subgroup = subgroupLabels(field, key);
    return {
      value: key,
      label: labelIn(labels, language) || key,
      group: subgroup === null ? groupName(group ?? 'details') : labelIn(subgroup, language),
    };
  });
}

/** Columns that another column before them already fills, where only one value fits. */
export function contestedColumns(columns: readonly ImportColumn[], type: ObjectType | undefined): ReadonlySet<number> {
  const taken = new Set<string>();
  const contested = new Set<number>();
  for (const { index, target } of columns) {
    if (target === null) continue;
    const kind = type?.fields.find((field) => field.name === fieldNameOf(target))?.kind;
    const takesMany = target.endsWith(':line') || target.endsWith(':label') || kind === 'channels' || kind === 'choice_set' || kind === 'reference_set';
    if (!takesMany && taken.has(target)) contested.add(index);
    taken.add(target);
  }
  return contested;
}
