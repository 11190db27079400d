import { IconPaperclip } from '@tabler/icons-react';
import { apiUrl } from '@/api/client';
import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asFile } from '../values';
import { StoredPicture } from './StoredPicture';

export function FileDisplay({ value, isCompact = false }: DisplayProps) {
  const format = useFormat();
  const file = asFile(value);
  if (file === null) return <Nothing />;
  if (file.width !== undefined) return <StoredPicture file={file} isCompact={isCompact} />;
  if (isCompact) {
    return (
      <span className={styles.cut} title={file.name}>
        {file.name}
      </span>
    );
  }
  return (
    <a className={styles.link} href={apiUrl(`/files/${file.id}`)} download={file.name} onClick={(event) => event.stopPropagation()}>
      <IconPaperclip size={14} aria-hidden="true" /> {file.name} <span className={styles.hint}>{format.bytes(file.size)}</span>
    </a>
  );
}
