import { IconDots, IconLink, IconRestore, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord, useRestoreRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { copyText } from '@/ui/copy-text';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useUndoWithToast } from '../operations/use-undo-with-toast';

export interface CardMenuProps {
  type: ObjectType;
  record: RecordItem;
  onDeleted: () => void;
}

/** What is done with the whole card. Deleting asks nothing: the toast takes it back. */
export function CardMenu({ type, record, onDeleted }: CardMenuProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const remove = useDeleteRecord(type.name);
  const restore = useRestoreRecord(type.name);
  const { undo } = useUndoWithToast();
  const showError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });

  function removeCard(): void {
    remove.mutate(record.id, {
      onSuccess: ({ operation_id: operation }) => {
        onDeleted();
        showToast(t('card.deleted', { name: record.title }), {
          action: operation === null ? null : { label: t('undo'), onPress: () => void undo(operation) },
        });
      },
      onError: showError,
    });
  }

  return (
    <Menu
      trigger={<IconButton isFramed label={t('card.menu')} icon={<IconDots size={16} />} />}
      items={[
        {
          key: 'link',
          label: t('card.copy_link'),
          icon: <IconLink size={16} />,
          onSelect: () => {
            const link = `${window.location.origin}/records/${type.name}/${record.id}`;
            void copyText(link, t('card.link_copied'));
          },
        },
        record.deleted_at === null
          ? {
              key: 'delete',
              label: t('card.delete'),
              icon: <IconTrash size={16} />,
              isDangerous: true,
              startsGroup: true,
              disabledReason: record.can_delete ? null : t('card.cannot_delete'),
              onSelect: removeCard,
            }
          : {
              key: 'restore',
              label: t('card.restore'),
              icon: <IconRestore size={16} />,
              startsGroup: true,
              onSelect: () => restore.mutate(record.id, { onError: showError }),
            },
      ]}
    />
  );
}
