import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationSummary } from '@/api/types';
import { Button, type ButtonProps } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import { showLaterChanges } from './later-store';
import { hasLaterChanges } from './has-later-changes';
import { isUndoOffered, touchesMany, undoLine } from './undo-words';
import { useUndoWithToast } from './use-undo-with-toast';
import styles from './UndoButton.module.css';

export interface UndoButtonProps {
  operation: OperationSummary;
  /** How many records it touched; null where that is not known. */
  recordCount: number | null;
  /** Far from the card nobody sees what a press takes back, so it is always told first. */
  alwaysAsks?: boolean;
  /** The name of the record, where it is but one. */
  title?: string;
  look?: ButtonProps['look'];
}

/**
 * Takes an operation back. What touched many records asks first: the reader of one card may not know it. Where something was changed since,
 * it is shown field by field and the person chooses.
 */
export function UndoButton({ operation, recordCount, alwaysAsks = false, title, look }: UndoButtonProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { undo, isPending } = useUndoWithToast();
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const isLarge = recordCount === null ? touchesMany(operation) : recordCount > 1;
  const asksFirst = alwaysAsks || isLarge;

  const line = undoLine({
    kind: t(`history.kinds.${operation.kind}`),
    what: title ?? (recordCount === null ? '' : t('operations.record_count', { count: recordCount, number: format.number(recordCount) })),
    who: operation.user?.title ?? null,
    when: format.instant(operation.at),
  });

  function run(): void {
    void undo(operation.id).then(() => setAsks(false));
  }

  async function begin(): Promise<void> {
    setIsLooking(true);
    const isChanged = await hasLaterChanges(client, operation.id);
    setIsLooking(false);
    if (isChanged) showLaterChanges({ operationId: operation.id, isUndone: false, line });
    else if (asksFirst) setAsks(true);
    else run();
  }

  if (!isUndoOffered(operation)) return null;
  return (
    <>
      <Button size="small" look={look} isBusy={isPending || isLooking} onClick={() => void begin()}>
        {t('undo')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('operations.undo_title')}
          confirmLabel={
            recordCount === null
              ? t('operations.undo_whole')
              : t('operations.undo_confirm', { count: recordCount, number: format.number(recordCount) })
          }
          cancelLabel={t('operations.keep')}
          isBusy={isPending}
          onConfirm={run}
          onClose={() => setAsks(false)}
        >
          <p className={styles.line}>{line}</p>
          <p>{recordCount === null ? t('operations.undo_whole_text') : t('operations.undo_text')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
