import { useQueries, useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { importsQuery } from '@/api/imports';
import { recordQuery } from '@/api/records';
import type { Field, ObjectType } from '@/api/types';
import { countryName } from '@/fields/addresses/address-text';
import { fieldKind } from '@/fields/registry';
import type { FieldPart } from '@/fields/field-ui';
import { useFormat, type Format } from '@/ui/use-format';
import type { FilterCondition, FilterValue } from '@/util/filter-text';
import { followedWord } from './followed';
import { asksForMoments, importOf } from './import-of';

export interface ConditionWords {
  field: string;
  /** Empty where the field says it all. */
  operator: string;
  value: string;
}

/** Which of the fields a condition is about; undefined if it is none of the catalog any more. */
export function conditionField(type: ObjectType, condition: FilterCondition): Field | undefined {
  return type.fields.find((field) => field.name === condition.field);
}

/** A condition in the words of the person: the field, what is asked, of which value. */
export function useConditionWords(type: ObjectType, condition: FilterCondition): ConditionWords {
  const { t } = useTranslation(['records', 'fields']);
  const format = useFormat();
  const field = conditionField(type, condition);
  const partName = usePartName(field, condition.part);
  const ids = isReference(field) ? condition.values.filter((value) => /^\d+$/.test(value.text)).map((value) => Number(value.text)) : [];
  const referenced = useQueries({ queries: ids.map((id) => recordQuery(field?.settings.target ?? '', id)) });

  const imports = useQuery({ ...importsQuery, enabled: asksForMoments(condition) });
  const imported = importOf(condition, imports.data?.items ?? []);

  function valueText(value: FilterValue): string {
    if (condition.part === 'meaning') return t(`fields:meanings.${value.text}`, { defaultValue: value.text });
    if (value.text === 'me') return t('fields:filter.me');
    if (value.text === 'true') return t('fields:yes');
    if (value.text === 'false') return t('fields:no');
    const relative = /^today - (\d+)d$/.exec(value.text);
    if (value.text === 'today') return t('fields:filter.days.0');
    if (relative !== null) return t('fields:filter.days_ago', { count: Number(relative[1]) });
    if (/^\d{4}-\d{2}-\d{2}T/.test(value.text)) return format.instant(value.text);
    if (/^\d{4}-\d{2}-\d{2}/.test(value.text)) return format.date(value.text);
    if (isReference(field)) return referenced[ids.indexOf(Number(value.text))]?.data?.title ?? `№ ${value.text}`;
    const option = field?.settings.options?.find((candidate) => candidate.key === value.text);
    if (option !== undefined) return format.label(option.labels);
    if (field?.kind === 'number' || (field?.kind === 'money' && condition.part === null)) return format.number(Number(value.text));
    if (field?.kind === 'addresses' && condition.part === 'place') return t('fields:addresses.area');
    if (condition.part === 'country') return countryName(value.text, format.language);
    return value.text;
  }

  if (imported !== null) {
    const when = imported.job?.started_at;
    const value = when == null ? imported.file_name : `${imported.file_name}, ${format.instant(when)}`;
    return { field: t('records:filter.imported'), operator: '', value };
  }
  const followed = field === undefined ? followedWord(condition) : null;
  if (followed !== null) return { field: t(`records:filter.${followed}`), operator: '', value: '' };
  const fieldName = field === undefined ? condition.field : format.label(field.labels);
  const separator = condition.operator === 'between' ? ' – ' : ', ';
  return {
    field: condition.part === 'meaning' ? `${fieldName}:` : (partName ?? fieldName),
    operator: t(`records:operators.${condition.operator}`),
    value: condition.values.map(valueText).join(separator),
  };
}

function isReference(field: Field | undefined): boolean {
  return field?.kind === 'reference' || field?.kind === 'reference_set';
}

/** The name of a part: one of the catalog, of an address, or what options mean. */
export function partLabel(field: Field, part: FieldPart, format: Format, t: TFunction<'fields'>): string {
  if (part.labels !== null) return format.label(part.labels);
  return part.key === 'meaning' ? t('fields:meanings.part', { field: format.label(field.labels) }) : t(`fields:addresses.${part.key}`);
}

/** The name of a part of a compound field: the kind of a channel, the city of an address. */
export function usePartName(field: Field | undefined, part: string | null): string | null {
  const { t } = useTranslation('fields');
  const format = useFormat();
  if (field === undefined || part === null) return null;
  const known = fieldKind(field.kind).parts?.(field).find((candidate) => candidate.key === part);
  if (known === undefined) return part;
  return partLabel(field, known, format, t);
}
