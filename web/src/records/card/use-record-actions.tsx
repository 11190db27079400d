import { IconArrowsJoin2, IconLink, IconRestore, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord, useRestoreRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { copyText } from '@/ui/copy-text';
import type { MenuItem } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';

/** What is done with a whole card, in its own menu and in that of its row. Deleting asks nothing: the toast takes it back. */
export function useRecordActions(type: ObjectType, record: RecordItem, onDeleted: () => void): MenuItem[] {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const navigate = useNavigate();
  // Callbacks given to `mutate` are dropped with their component, and the menu of a row is gone once something is chosen.
  const { mutateAsync: remove } = useDeleteRecord(type.name);
  const { mutateAsync: restore } = useRestoreRecord(type.name);
  const { undo } = useUndoWithToast();

  async function removeCard(): Promise<void> {
    try {
      const { operation_id: operation } = await remove(record.id);
      onDeleted();
      showToast(t('card.deleted', { name: record.title }), {
        action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) },
      });
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  async function restoreCard(): Promise<void> {
    try {
      await restore(record.id);
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  const link: MenuItem = {
    key: 'link',
    label: t('card.copy_link'),
    icon: <IconLink size={16} />,
    onSelect: () => void copyText(`${window.location.origin}/records/${type.name}/${record.id}`, t('card.link_copied')),
  };
  if (record.deleted_at !== null) {
    return [link, { key: 'restore', label: t('card.restore'), icon: <IconRestore size={16} />, startsGroup: true, onSelect: () => void restoreCard() }];
  }
  return [
    link,
    {
      key: 'merge',
      label: t('card.merge'),
      icon: <IconArrowsJoin2 size={16} />,
      disabledReason: record.can_edit && type.permissions.merge ? null : t('card.cannot_merge'),
      onSelect: () => void navigate(paths.merge(type.name, [record.id])),
    },
    {
      key: 'delete',
      label: t('card.delete'),
      icon: <IconTrash size={16} />,
      isDangerous: true,
      startsGroup: true,
      disabledReason: record.can_delete ? null : t('card.cannot_delete'),
      onSelect: () => void removeCard(),
    },
  ];
}
