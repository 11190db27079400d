import { useState } from 'react';
import { apiUrl } from '@/api/client';
import type { StoredFile } from '@/api/types';
import styles from '../fields.module.css';

/** A picture of a record, small; its name stands for one that the reader may not have any more. */
export function StoredPicture({ file, isCompact = false }: { file: StoredFile; isCompact?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  if (file.width === undefined) return null;
  if (broken === file.id) return <span className={styles.cut}>{file.name}</span>;
  return (
    <img
      className={isCompact ? styles.pictureCompact : styles.picture}
      src={apiUrl(`/files/${file.id}`)}
      width={file.width}
      height={file.height}
      style={{ width: 'auto', height: 'auto' }}
      alt={file.name}
      title={file.name}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(file.id)}
    />
  );
}
