import { IconEye, IconPhotoPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { acceptedBy, useUpload } from '@/fields/file/use-upload';
import { Dialog } from '@/ui/Dialog';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { classNames } from '@/util/class-names';
import { ConflictDialog } from '../editing/ConflictDialog';
import { useSaveField } from '../editing/use-save-field';
import { mayEdit } from '../may-edit';
import { RecordAvatar } from '../RecordAvatar';
import { pictureField, pictureOf } from '../record-shape';
import styles from './Portrait.module.css';

interface PortraitProps {
  type: ObjectType;
  record: RecordItem;
}

/** The face of the card: a press looks at its picture, chooses one, replaces or removes it; one may be dropped on it too. */
export function Portrait({ type, record }: PortraitProps) {
  const { t } = useTranslation('records');
  const [isLooking, setIsLooking] = useState(false);
  const field = pictureField(type);
  const picture = pictureOf(record);
  const canEdit = field !== undefined && mayEdit(record, field);
  const view = (): void => setIsLooking(true);
  return (
    <>
      {canEdit ? (
        <EditablePortrait type={type} record={record} field={field} onView={view} />
      ) : picture === null ? (
        <RecordAvatar record={record} size="large" />
      ) : (
        <button type="button" className={styles.portrait} aria-label={t('photo.view')} title={t('photo.view')} onClick={view}>
          <RecordAvatar record={record} size="portrait" />
        </button>
      )}
      {isLooking && picture !== null && (
        <Dialog title={record.title} size="small" isText onClose={() => setIsLooking(false)}>
          <img className={styles.whole} src={picture} alt={t('photo.of', { name: record.title })} />
        </Dialog>
      )}
    </>
  );
}

function EditablePortrait({ type, record, field, onView }: PortraitProps & { field: Field; onView: () => void }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const save = useSaveField(type, record, { hasEditor: false });
  const upload = useUpload(field, (stored) => void save.save(field, stored));
  const hasPicture = pictureOf(record) !== null;

  const choose = (): void => chooser.current?.click();
  function take(file: File | undefined): void {
    if (file !== undefined) upload.mutate(file, { onError: (error) => showToast(errorText(error), { tone: 'error' }) });
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  }
  function dragOver(event: DragEvent): void {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setIsOver(true);
  }

  const label = hasPicture ? t('photo.of', { name: record.title }) : t('photo.add');
  const press = (
    <button
      type="button"
      className={classNames(styles.portrait, isOver && styles.over)}
      aria-label={label}
      aria-busy={upload.isPending || undefined}
      title={isOver ? t('photo.drop') : label}
      onClick={hasPicture ? undefined : choose}
      onDragOver={dragOver}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <RecordAvatar record={record} size={hasPicture ? 'portrait' : 'large'} />
      <span className={styles.sign} aria-hidden="true">
        <IconPhotoPlus size={14} />
      </span>
    </button>
  );
  return (
    <>
      {hasPicture ? (
        <Menu
          placement="bottom-start"
          trigger={press}
          items={[
            { key: 'view', label: t('photo.view'), icon: <IconEye size={16} />, onSelect: onView },
            { key: 'replace', label: t('photo.replace'), icon: <IconUpload size={16} />, onSelect: choose },
            { key: 'remove', label: t('photo.remove'), icon: <IconTrash size={16} />, isDangerous: true, startsGroup: true, onSelect: () => void save.save(field, null) },
          ]}
        />
      ) : (
        press
      )}
      <input
        ref={chooser}
        type="file"
        accept={acceptedBy(field)}
        hidden
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          take(chosen);
        }}
      />
      <ConflictDialog save={save} />
    </>
  );
}
