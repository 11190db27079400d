import { IconArrowsJoin2, IconDots, IconLink, IconRestore, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord, useRestoreRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { copyText } from '@/ui/copy-text';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';

export interface CardMenuProps {
  type: ObjectType;
  record: RecordItem;
  onDeleted: () => void;
}

/** What is done with the whole card. Deleting asks nothing: the toast takes it back. */
export function CardMenu({ type, record, onDeleted }: CardMenuProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const navigate = useNavigate();
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
        ...(record.deleted_at === null
          ? [
              {
                key: 'merge',
                label: t('card.merge'),
                icon: <IconArrowsJoin2 size={16} />,
                disabledReason: record.can_edit ? null : t('card.cannot_merge'),
                onSelect: () => void navigate(paths.merge(type.name, [record.id])),
              },
            ]
          : []),
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
