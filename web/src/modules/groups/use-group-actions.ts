import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useDeleteRecord } from '@/api/records';
import { replaceInAll } from '@/api/sets';
import type { ObjectType } from '@/api/types';
import { hierarchyField, type VocabularyItem } from '@/fields/reference/vocabulary';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';

export interface GroupActions {
  /** Puts a group into another one, or to the top level. */
  move: (item: VocabularyItem, target: VocabularyItem | null) => void;
  remove: (item: VocabularyItem) => void;
  refuse: (error: unknown) => void;
}

/** What is done with a group at once, without a dialog: each is told in a toast that takes it back. */
export function useGroupActions(type: ObjectType): GroupActions {
  const { t } = useTranslation('groups');
  const client = useQueryClient();
  const errorText = useErrorText();
  const change = useChangeRecord(type.name);
  const deletion = useDeleteRecord(type.name);
  const { showDone } = useUndoWithToast();
  const parent = hierarchyField(type)?.name ?? 'parent';

  function tell(text: string, operation: number | null): void {
    showDone(text, operation);
  }

  /** The general words for a ring speak of companies. */
  function refuse(error: unknown): void {
    const code = fieldProblems(error).get(parent)?.[0]?.code;
    showToast(code === 'cycle' || code === 'too_deep' ? t(`refused.${code}`) : errorText(error), { tone: 'error' });
  }

  return {
    move: (item, target) =>
      change.mutate(
        { id: item.id, version: item.record.version, values: { [parent]: target?.id ?? null } },
        {
          onSuccess: (answer) => {
            replaceInAll(client, type.name, answer.record);
            forgetRecords(client, type.name);
            tell(target === null ? t('moved_to_top', { name: item.title }) : t('moved', { name: item.title, target: target.title }), answer.operation_id);
          },
          onError: refuse,
        },
      ),
    remove: (item) =>
      deletion.mutate(item.id, {
        onSuccess: (answer) => tell(t('deleted', { name: item.title }), answer.operation_id),
        onError: refuse,
      }),
    refuse,
  };
}
