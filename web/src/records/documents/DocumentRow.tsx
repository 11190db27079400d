import {
  IconDots,
  IconFile,
  IconFileMusic,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconPhoto,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asFile, asText } from '@/fields/values';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';
import { documentKind, type DocumentKind } from './document-kind';
import styles from './Documents.module.css';

const ICONS: Readonly<Record<DocumentKind, typeof IconFile>> = {
  picture: IconPhoto,
  pdf: IconFileTypePdf,
  text: IconFileText,
  table: IconFileSpreadsheet,
  archive: IconFileZip,
  sound: IconFileMusic,
  other: IconFile,
};

/** One file: its name opens it, its menu does the rest. */
export function DocumentRow({ document, onShow }: { document: RecordItem; onShow: () => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const remove = useDeleteRecord(document.type);
  const { undo } = useUndoWithToast();
  const file = asFile(document.values.file);
  const Icon = ICONS[documentKind(file?.name ?? '')];
  const remark = asText(document.values.remark);
  const facts = [file === null ? '' : format.bytes(file.size), format.recent(document.created_at), document.created_by?.title ?? ''];

  function deleteIt(): void {
    remove.mutate(document.id, {
      onSuccess: ({ operation_id: operation }) =>
        showToast(t('documents.deleted', { name: document.title }), {
          action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) },
        }),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <div className={styles.row}>
      <Icon size={20} className={styles.icon} aria-hidden="true" />
      <div className={styles.body}>
        <button type="button" className={styles.open} aria-label={t('documents.preview', { name: document.title })} title={document.title} onClick={onShow}>
          {document.title}
        </button>
        <span className={styles.facts}>{facts.filter((fact) => fact !== '').join(' · ')}</span>
        {remark !== '' && <span className={styles.facts}>{remark}</span>}
      </div>
      <Menu
        placement="bottom-end"
        trigger={<IconButton size="small" label={t('documents.menu', { name: document.title })} icon={<IconDots size={16} />} />}
        items={[
          ...(file === null ? [] : [{ key: 'download', label: t('documents.download'), href: apiUrl(`/files/${file.id}`) }]),
          { key: 'card', label: t('documents.open_card'), onSelect: () => void navigate(paths.card(document.type, document.id)) },
          ...(document.can_delete ? [{ key: 'delete', label: t('documents.delete'), isDangerous: true, startsGroup: true, onSelect: deleteIt }] : []),
        ]}
      />
    </div>
  );
}
