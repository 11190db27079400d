/** Adds files to a record: each is sent and becomes a document of its own; what failed stays with its reason. */
import { useCallback, useState } from 'react';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { uploadFor } from '@/fields/file/upload';

export interface PendingDocument {
  key: string;
  file: File;
  sent: number;
  /** What went wrong; null while it is under way. */
  problem: string | null;
}

export function useAddDocuments(documents: ObjectType, record: RecordItem) {
  const errorText = useErrorText();
  const create = useCreateRecord(documents.name).mutateAsync;
  const [pending, setPending] = useState<readonly PendingDocument[]>([]);
  const field = documents.fields.find((candidate) => candidate.name === 'file');

  const forget = useCallback((key: string) => setPending((before) => before.filter((entry) => entry.key !== key)), []);

  async function send(entry: PendingDocument): Promise<void> {
    const change = (patch: Partial<PendingDocument>): void =>
      setPending((before) => before.map((other) => (other.key === entry.key ? { ...other, ...patch } : other)));
    if (field === undefined) return;
    change({ sent: 0, problem: null });
    try {
      const stored = await uploadFor(field, entry.file, { onProgress: (sent) => change({ sent }) });
      // The key goes with the file: sent again after a lost answer it is still one document.
      await create({ values: { record: record.id, name: stored.name, file: stored }, idempotencyKey: entry.key });
      forget(entry.key);
    } catch (error) {
      change({ problem: errorText(error) });
    }
  }

  function add(files: Iterable<File>): void {
    const entries = [...files].map((file) => ({ key: newIdempotencyKey(), file, sent: 0, problem: null }));
    setPending((before) => [...before, ...entries]);
    // One after another, so that the first is there soon and the names keep their order.
    void entries.reduce<Promise<void>>((before, entry) => before.then(() => send(entry)), Promise.resolve());
  }

  return { pending, add, retry: (entry: PendingDocument) => void send(entry), dismiss: forget };
}
