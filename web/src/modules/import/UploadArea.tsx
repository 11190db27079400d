import { IconFileUpload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useMay } from '@/api/session';
import { useErrorText } from '@/api/errors';
import { useUploadImport } from '@/api/imports';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ProgressBar } from '@/ui/ProgressBar';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import styles from './UploadArea.module.css';

const ACCEPTED = '.xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt,.vcf,.vcard';

interface Sending {
  file: File;
  sent: number;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** A file dropped beside the zone would replace the page by the file. */
function useHarmlessDrops(): void {
  useEffect(() => {
    const stop = (event: Event): void => event.preventDefault();
    window.addEventListener('dragover', stop);
    window.addEventListener('drop', stop);
    return () => {
      window.removeEventListener('dragover', stop);
      window.removeEventListener('drop', stop);
    };
  }, []);
}

/** Takes a file by drop or by choice, sends it and goes on to its import. */
export function UploadArea() {
  const { t } = useTranslation('import');
  const format = useFormat();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const mayImport = useMay('import');
  const types = useCatalog().object_types.filter((type) => type.is_importable && type.permissions.create);
  const [typeName, setTypeName] = useState(types[0]?.name ?? '');
  const [sending, setSending] = useState<Sending | null>(null);
  const [isOver, setIsOver] = useState(false);
  const [hasMany, setHasMany] = useState(false);
  const upload = useUploadImport();
  const input = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController>(null);
  useHarmlessDrops();
  useEffect(() => () => abort.current?.abort(), []);

  function start(files: FileList | null): void {
    const [file, another] = files ?? [];
    if (file === undefined || sending !== null) return;
    setHasMany(another !== undefined);
    if (another !== undefined) return;
    const controller = new AbortController();
    abort.current = controller;
    setSending({ file, sent: 0 });
    upload.mutate(
      { type: typeName, file, onProgress: (sent) => setSending({ file, sent }), signal: controller.signal },
      {
        onSuccess: (item) => void navigate(paths.import(item.id)),
        onSettled: () => {
          setSending(null);
          if (input.current !== null) input.current.value = '';
        },
      },
    );
  }

  function drop(event: DragEvent): void {
    event.preventDefault();
    setIsOver(false);
    start(event.dataTransfer.files);
  }

  if (!mayImport || types.length === 0) return <Banner tone="info">{t('upload.forbidden')}</Banner>;
  const isSent = sending !== null && sending.sent >= sending.file.size;
  return (
    <section className={styles.area} aria-label={t('upload.title')}>
      {upload.isError && !isAbort(upload.error) && (
        <Banner tone="error">
          <strong>{upload.variables.file.name}</strong>. {errorText(upload.error)}
        </Banner>
      )}
      {hasMany && <Banner tone="warning">{t('upload.one_only')}</Banner>}
      <div
        className={styles.zone}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
        }}
        onDrop={drop}
      >
        {sending === null ? (
          <>
            <IconFileUpload size={28} stroke={1.5} className={styles.icon} aria-hidden="true" />
            <p className={styles.title}>{isOver ? t('upload.release') : t('upload.drop')}</p>
            <p className={styles.hint}>{t('upload.kinds')}</p>
            <div className={styles.controls}>
              {types.length > 1 && (
                <Select
                  className={styles.type}
                  aria-label={t('upload.type')}
                  value={typeName}
                  options={types.map((type) => ({ value: type.name, label: format.label(type.labels_plural) }))}
                  onChange={setTypeName}
                />
              )}
              <Button look="primary" onClick={() => input.current?.click()}>
                {t('upload.choose')}
              </Button>
            </div>
          </>
        ) : (
          <div className={styles.progress}>
            <p className={styles.title}>{sending.file.name}</p>
            <ProgressBar done={sending.sent} total={isSent ? null : sending.file.size} label={t('upload.sending')} />
            <div className={styles.line}>
              <span className={styles.hint} role="status">
                {isSent
                  ? t('upload.reading')
                  : t('upload.sent', { sent: format.bytes(sending.sent), total: format.bytes(sending.file.size) })}
              </span>
              <Button look="plain" size="small" onClick={() => abort.current?.abort()}>
                {t('upload.cancel')}
              </Button>
            </div>
          </div>
        )}
        <input
          ref={input}
          type="file"
          className={styles.input}
          accept={ACCEPTED}
          aria-label={t('upload.choose')}
          tabIndex={-1}
          onChange={(event) => start(event.target.files)}
        />
      </div>
    </section>
  );
}
