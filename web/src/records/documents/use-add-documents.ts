/** Adds files to a record: each is sent and becomes a document of its own; what failed stays with its reason. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem, StoredFile } from '@/api/types';
import { uploadFor } from '@/fields/file/upload';
import { showToast } from '@/ui/toast';

export interface PendingDocument {
  key: string;
  file: File;
  sent: number;
  /** The server has the bytes; only the document is missing. */
  stored: StoredFile | null;
  /** What went wrong; null while it is under way. */
  problem: string | null;
}

export function useAddDocuments(documents: ObjectType, whole: string, record: RecordItem) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const create = useCreateRecord(documents.name).mutateAsync;
  const [pending, setPending] = useState<readonly PendingDocument[]>([]);
  const isShown = useRef(true);
  const field = documents.fields.find((candidate) => candidate.name === 'file');

  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  const forget = useCallback((key: string) => setPending((before) => before.filter((entry) => entry.key !== key)), []);

  async function send(entry: PendingDocument): Promise<void> {
    const change = (patch: Partial<PendingDocument>): void =>
      setPending((before) => before.map((other) => (other.key === entry.key ? { ...other, ...patch } : other)));
    if (field === undefined) return;
    change({ sent: 0, problem: null });
    try {
      const stored = entry.stored ?? (await uploadFor(field, entry.file, { onProgress: (sent) => change({ sent }) }));
      change({ stored });
      // One key and one file for one document: sent again after a lost answer it is still one.
      await create({ values: { [whole]: record.id, name: stored.name, file: stored }, idempotencyKey: entry.key });
      forget(entry.key);
    } catch (error) {
      const problem = errorText(error);
      if (isShown.current) change({ problem });
      // Whoever has gone on to another card hears of it there.
      else showToast(t('documents.failed_at', { name: entry.file.name, title: record.title, reason: problem }), { tone: 'error' });
    }
  }

  function add(files: Iterable<File>): void {
    const entries = [...files].map((file) => ({ key: newIdempotencyKey(), file, sent: 0, stored: null, problem: null }));
    setPending((before) => [...before, ...entries]);
    // One after another, so that the first is there soon and the names keep their order.
    void entries.reduce<Promise<void>>((before, entry) => before.then(() => send(entry)), Promise.resolve());
  }

  return { pending, add, retry: (entry: PendingDocument) => void send(entry), dismiss: forget };
}
