/** Where a column can go, as choices in the words of the catalog: targets of one kind of channel or one address stand together. */
import type { Field, ImportColumn, ImportTarget, LabelOption, ObjectType } from '@/api/types';
import type { SelectOption } from '@/ui/Select';
import { labelIn, type Labels } from '@/util/languages';

/** The words that the catalog does not have. */
export interface TargetWords {
  language: string;
  /** The name of a group of fields. */
  group: (group: string) => string;
  /** One of the addresses. */
  address: string;
  /** A part of an address: `city`. */
  addressPart: (part: string) => string;
  /** What stands in the column beside a phone that says whose phone it is. */
  caption: string;
  /** All values of a field in one cell, as our export writes them. */
  asExported: string;
}

/** Groups in the order in which people look for a field; the kinds of channels and the addresses stand in the place of `contact`. */
const GROUPS = ['name', 'main', 'contact', 'details', 'system'] as const;

/** The name of the field that a target fills: `channels` of `channels.phone.mobile`. */
export function fieldNameOf(target: string): string {
  return target.split(/[.:]/)[0] ?? target;
}

function subgroupLabels(field: Field | undefined, key: string): Labels | null {
  const part = key.split(/[.:]/)[1];
  if (field?.kind === 'channels') return field.settings.kinds?.find((kind) => kind.key === part)?.labels ?? null;
  return field?.kind === 'addresses' ? field.labels : null;
}

/** `Телефон`, `Телефон: мобильный`, `Телефон 2`: the word, with the label or the number that the key carries. */
function withMark(word: string, mark: string | undefined, labels: readonly LabelOption[], language: string): string {
  if (mark === undefined) return word;
  const label = labels.find((candidate) => candidate.key === mark);
  return label === undefined ? `${word} ${mark}` : `${word}: ${labelIn(label.labels, language).toLowerCase()}`;
}

/** The name of a channel or of a part of an address; null where the server knows it better. */
function compoundName(key: string, field: Field | undefined, words: TargetWords): string | null {
  const [path = '', suffix] = key.split(':');
  const [, first, second] = path.split('.');
  const { language } = words;
  if (field?.kind === 'channels') {
    const kind = labelIn(subgroupLabels(field, key) ?? {}, language);
    if (kind === '') return null;
    if (second === '*') return `${kind} — ${words.asExported}`;
    const name = withMark(kind, second, field.settings.channel_labels ?? [], language);
    return suffix === 'label' ? `${name} — ${words.caption}` : name;
  }
  if (field?.kind !== 'addresses') return null;
  if (first === '*') return `${words.address} — ${words.asExported}`;
  const mark = second === undefined && suffix === undefined ? undefined : first;
  const part = suffix === 'label' ? words.caption : words.addressPart(second ?? first ?? '');
  return `${withMark(words.address, mark, field.settings.address_labels ?? [], language)} — ${part}`;
}

/** The targets of an import as options of a picker, in the language of the page. */
export function targetOptions(targets: readonly ImportTarget[], type: ObjectType | undefined, words: TargetWords): SelectOption[] {
  const options = targets.map(({ key, labels, group }, place) => {
    const field = type?.fields.find((candidate) => candidate.name === fieldNameOf(key));
    const subgroup = subgroupLabels(field, key);
    const rank = GROUPS.findIndex((known) => known === (group ?? 'details'));
    return {
      rank: rank === -1 ? GROUPS.length : rank,
      place,
      option: {
        value: key,
        label: compoundName(key, field, words) ?? (labelIn(labels, words.language) || key),
        group: subgroup === null ? words.group(group ?? 'details') : labelIn(subgroup, words.language),
      },
    };
  });
  return options.sort((one, other) => one.rank - other.rank || one.place - other.place).map(({ option }) => option);
}

/** Whether the first rows have nothing in the column. */
export function isEmptyColumn(column: ImportColumn): boolean {
  return column.samples.every((sample) => sample.trim() === '');
}

/** Columns that another column before them already fills, where only one value fits. Empty columns fill nothing and take no place. */
export function contestedColumns(columns: readonly ImportColumn[], type: ObjectType | undefined): ReadonlySet<number> {
  const taken = new Set<string>();
  const contested = new Set<number>();
  for (const column of columns) {
    const { index, target } = column;
    if (target === null || isEmptyColumn(column)) continue;
    const kind = type?.fields.find((field) => field.name === fieldNameOf(target))?.kind;
    const takesMany = target.endsWith(':line') || target.endsWith(':label') || kind === 'channels' || kind === 'choice_set' || kind === 'reference_set';
    if (!takesMany && taken.has(target)) contested.add(index);
    taken.add(target);
  }
  return contested;
}
