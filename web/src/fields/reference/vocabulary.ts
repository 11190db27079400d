/**
 * Vocabularies: types whose records are words that people choose from, such as groups and tags. They are few enough
 * to be read as a whole, so they can be offered as a list or a tree, with their colours.
 */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { allRecordsQuery } from '@/api/sets';
import type { Field, ObjectType, OptionColor, RecordItem } from '@/api/types';
import { buildTree, type TreeItem, type TreeNode } from '@/util/tree';
import { asReference, asText } from '../values';

export interface VocabularyItem extends TreeItem {
  record: RecordItem;
  color: OptionColor | null;
  /** A rule fills it, nobody is put in. */
  isByRule: boolean;
}

export interface Vocabulary {
  type: ObjectType;
  items: VocabularyItem[];
  tree: TreeNode<VocabularyItem>[];
  isPending: boolean;
  error: unknown;
}

function colorField(type: ObjectType): Field | undefined {
  return type.fields.find((field) => field.kind === 'choice' && field.name === 'color');
}

/** The field by which its records stand below one another. */
export function hierarchyField(type: ObjectType): Field | undefined {
  return type.fields.find((field) => field.kind === 'reference' && field.settings.is_hierarchy === true && field.settings.target === type.name);
}

/** Sets of other records, and what has a colour of its own. */
export function isVocabulary(type: ObjectType): boolean {
  return type.members != null || colorField(type) !== undefined;
}

export function vocabularyFields(type: ObjectType): string {
  return type.fields
    .filter((field) => field.group !== 'system' && !field.is_retired)
    .map((field) => field.name)
    .join(',');
}

export function readItem(type: ObjectType, record: RecordItem): VocabularyItem {
  const parent = hierarchyField(type);
  const rule = type.fields.find((field) => field.kind === 'filter');
  const key = asText(record.values.color);
  return {
    id: record.id,
    title: record.title,
    parentId: parent === undefined ? null : (asReference(record.values[parent.name])?.id ?? null),
    record,
    color: colorField(type)?.settings.options?.find((option) => option.key === key)?.color ?? null,
    isByRule: rule !== undefined && asText(record.values[rule.name]) !== '',
  };
}

/** The vocabulary of a type; null for a type that is none, or while `isWanted` is false. Screens that show it share one reading. */
export function useVocabulary(typeName: string, isWanted = true): Vocabulary | null {
  const { i18n } = useTranslation();
  const type = useObjectType(typeName);
  const isKnown = type !== undefined && isVocabulary(type) && isWanted;
  const { data, isPending, error } = useQuery({ ...allRecordsQuery(typeName, type === undefined ? '' : vocabularyFields(type)), enabled: isKnown });
  const { language } = i18n;
  return useMemo(() => {
    if (!isKnown) return null;
    const items = (data ?? []).map((record) => readItem(type, record));
    return { type, items, tree: buildTree(items, language), isPending, error };
  }, [isKnown, type, data, isPending, error, language]);
}
