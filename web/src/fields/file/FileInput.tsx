import { IconUpload, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { asFile } from '../values';
import { StoredPicture } from './StoredPicture';
import { acceptedBy, useUpload } from './use-upload';

export function FileInput({ field, value, onChange, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const errorText = useErrorText();
  const chooser = useRef<HTMLInputElement>(null);
  const file = asFile(value);
  const limit = field.settings.max_bytes;
  const upload = useUpload(field, onChange);
  return (
    <div className={styles.stack} onKeyDown={onKeyDown}>
      <div className={styles.row}>
        {file !== null && (
          <span className={styles.chip}>
            <StoredPicture file={file} isCompact />
            <span className={styles.cut}>{file.name}</span>
            <IconButton
              size="small"
              label={t('remove_named', { name: file.name })}
              icon={<IconX size={14} />}
              onClick={() => onChange(null)}
            />
          </span>
        )}
        <Button
          size="small"
          autoFocus={hasAutoFocus}
          aria-describedby={describedBy}
          isBusy={upload.isPending}
          icon={<IconUpload size={16} />}
          onClick={() => chooser.current?.click()}
        >
          {file === null ? t('file.choose') : t('file.replace')}
        </Button>
        {limit !== undefined && <span className={styles.hint}>{t('file.limit', { size: format.bytes(limit) })}</span>}
      </div>
      {upload.isError && <FieldError>{errorText(upload.error)}</FieldError>}
      <input
        ref={chooser}
        type="file"
        accept={acceptedBy(field)}
        hidden
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen !== undefined) upload.mutate(chosen);
        }}
      />
    </div>
  );
}
