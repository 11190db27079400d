import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '@/api/client';
import type { RecordItem, StoredFile } from '@/api/types';
import { asFile } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Dialog } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { decodeText } from './decode-text';
import { documentKind } from './document-kind';
import styles from './Preview.module.css';

const PdfPages = lazyPart(() => import('./PdfPages'), 'PdfPages');

/** Of a text this much is shown. */
const TEXT_BYTES = 256 * 1024;

export interface PreviewProps {
  /** Those between which the arrows go. */
  documents: readonly RecordItem[];
  shown: RecordItem;
  onShow: (id: number) => void;
  onClose: () => void;
}

/** A file in a window: pictures, PDF and text as they are, of all else what it is and the download. */
export function Preview({ documents, shown, onShow, onClose }: PreviewProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const file = asFile(shown.values.file);
  const place = documents.findIndex((document) => document.id === shown.id);
  const previous = documents[place - 1];
  const next = documents[place + 1];

  function walk(event: KeyboardEvent): void {
    const target = event.key === 'ArrowLeft' ? previous : event.key === 'ArrowRight' ? next : undefined;
    if (target === undefined) return;
    event.preventDefault();
    onShow(target.id);
  }

  return (
    <Dialog
      title={shown.title}
      size="large"
      onClose={onClose}
      onKey={walk}
      footer={
        <div className={styles.footer}>
          <IconButton
            label={t('documents.previous')}
            icon={<IconChevronLeft size={16} />}
            disabledReason={previous === undefined && t('documents.first')}
            onClick={() => previous !== undefined && onShow(previous.id)}
          />
          <IconButton
            label={t('documents.next')}
            icon={<IconChevronRight size={16} />}
            disabledReason={next === undefined && t('documents.last')}
            onClick={() => next !== undefined && onShow(next.id)}
          />
          {file !== null && (
            <>
              <span className={styles.facts}>{`${file.name} · ${format.bytes(file.size)}`}</span>
              <a className={styles.download} href={apiUrl(`/files/${file.id}`)} download={file.name}>
                <IconDownload size={16} aria-hidden="true" />
                {t('documents.download')}
              </a>
            </>
          )}
        </div>
      }
    >
      <div className={styles.stage} tabIndex={0} role="group" aria-label={shown.title} data-autofocus="">
        {file !== null && <Content key={file.id} file={file} />}
      </div>
    </Dialog>
  );
}

function Content({ file }: { file: StoredFile }) {
  const { t } = useTranslation('records');
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) return <Banner tone="error">{t('documents.broken')}</Banner>;
  const onBroken = (): void => setIsBroken(true);
  switch (documentKind(file.name)) {
    case 'picture':
      return <img className={styles.picture} src={apiUrl(`/files/${file.id}`)} alt={file.name} onError={onBroken} />;
    case 'pdf':
      return <PdfPages url={apiUrl(`/files/${file.id}`)} onBroken={onBroken} />;
    case 'text':
      return <TextContent file={file} />;
    default:
      return <p className={styles.none}>{t('documents.no_preview')}</p>;
  }
}

function TextContent({ file }: { file: StoredFile }) {
  const { t } = useTranslation('records');
  const text = useQuery({
    queryKey: ['file-text', file.id],
    queryFn: ({ signal }) => readBeginning(apiUrl(`/files/${file.id}`), signal),
    staleTime: Infinity,
  });
  if (text.isError) return <Banner tone="error">{t('documents.broken')}</Banner>;
  if (text.data === undefined) return <Skeleton lines={8} label={t('loading')} />;
  return (
    <>
      {file.size > TEXT_BYTES && <Banner tone="info">{t('documents.cut')}</Banner>}
      <pre className={styles.text}>{text.data}</pre>
    </>
  );
}

async function readBeginning(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`${answer.status}`);
  const reader = answer.body.getReader();
  const bytes = new Uint8Array(TEXT_BYTES);
  let length = 0;
  while (length < TEXT_BYTES) {
    const { done, value } = await reader.read();
    if (done) return decodeText(bytes.subarray(0, length), false);
    const piece = value.subarray(0, TEXT_BYTES - length);
    bytes.set(piece, length);
    length += piece.length;
  }
  void reader.cancel();
  return decodeText(bytes, true);
}
