import { IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useChangeProfile, useSession } from '@/api/session';
import type { Field } from '@/api/types';
import { photoUrl } from '@/api/user-photos';
import { acceptedBy, useUpload } from '@/fields/file/use-upload';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import styles from './OwnPhoto.module.css';

/** The own photo: chosen, dropped on its place or pasted anywhere on the page; the server cuts it to a square. */
export function OwnPhoto() {
  const field = useObjectType('user')?.fields.find(({ name }) => name === 'photo');
  return field === undefined ? null : <PhotoSection field={field} />;
}

function PhotoSection({ field }: { field: Field }) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { user } = useSession();
  const change = useChangeProfile();
  const chooser = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const tell = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  const set = (photo: string | null): void =>
    change.mutate({ photo }, { onSuccess: () => showToast(t(photo === null ? 'photo.removed' : 'photo.saved')), onError: tell });
  const upload = useUpload(field, (stored) => set(stored.id));

  function take(file: File | undefined): void {
    if (file !== undefined) upload.mutate(file, { onError: tell });
  }
  const paste = useEffectEvent((event: ClipboardEvent): void => {
    const pasted = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith('image/'));
    if (pasted === undefined) return;
    event.preventDefault();
    take(pasted);
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent): void => paste(event);
    document.addEventListener('paste', listen);
    return () => document.removeEventListener('paste', listen);
  }, []);

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

  return (
    <section
      className={styles.photo}
      aria-labelledby="profile-photo"
      data-over={isOver || undefined}
      onDragOver={dragOver}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Avatar id={user.id} title={user.name} size="portrait" picture={photoUrl(user.photo)} />
      <div className={styles.words}>
        <h2 id="profile-photo" className={styles.heading}>
          {t('photo.title')}
        </h2>
        <p className={styles.hint}>{t('photo.hint')}</p>
        <div className={styles.buttons}>
          <Button size="small" icon={<IconPhotoPlus size={16} />} isBusy={upload.isPending} onClick={() => chooser.current?.click()}>
            {t(user.photo === null ? 'photo.choose' : 'photo.replace')}
          </Button>
          {user.photo !== null && (
            <Button size="small" icon={<IconTrash size={16} />} onClick={() => set(null)}>
              {t('photo.remove')}
            </Button>
          )}
        </div>
      </div>
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
    </section>
  );
}
