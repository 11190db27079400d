/** What the dialog of a group holds, and what of it is written. */
import type { Values } from '@/api/types';
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import { asText } from '@/fields/values';

export interface GroupDraft {
  name: string;
  /** The id as text; empty at the top level. */
  parent: string;
  kind: 'manual' | 'smart';
  rule: string;
  description: string;
}

export function emptyGroup(parentId: number | null): GroupDraft {
  return { name: '', parent: parentId === null ? '' : String(parentId), kind: 'manual', rule: '', description: '' };
}

export function draftOfGroup({ title, parentId, record }: VocabularyItem): GroupDraft {
  return {
    name: title,
    parent: parentId === null ? '' : String(parentId),
    kind: record.values.kind === 'smart' ? 'smart' : 'manual',
    rule: asText(record.values.rule),
    description: asText(record.values.description),
  };
}

/** The first field that is not filled in. */
export function missingIn(draft: GroupDraft): 'name' | 'rule' | null {
  if (draft.name.trim() === '') return 'name';
  return draft.kind === 'smart' && draft.rule.trim() === '' ? 'rule' : null;
}

function written(draft: GroupDraft): Record<keyof GroupDraft, string | number | null> {
  return {
    name: draft.name.trim(),
    parent: draft.parent === '' ? null : Number(draft.parent),
    kind: draft.kind,
    rule: draft.kind === 'smart' ? draft.rule.trim() : null,
    description: draft.description.trim() === '' ? null : draft.description.trim(),
  };
}

/** The values to write: all of a new group, of another one those that changed. */
export function groupValues(draft: GroupDraft, before: GroupDraft | null): Values {
  const values = Object.entries(written(draft));
  if (before === null) return Object.fromEntries(values.filter(([, value]) => value !== null));
  const old = new Map<string, unknown>(Object.entries(written(before)));
  return Object.fromEntries(values.filter(([name, value]) => old.get(name) !== value));
}
