import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationSummary } from '@/api/types';
import { Button, type ButtonProps } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import { useUndoWithToast } from './use-undo-with-toast';

export interface UndoButtonProps {
  operation: OperationSummary;
  /** How many records it touched; null where that is not known. */
  recordCount: number | null;
  look?: ButtonProps['look'];
}

/** Takes an operation back. What touched many records asks first: the reader of one card may not know it. */
export function UndoButton({ operation, recordCount, look }: UndoButtonProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { undo, isPending } = useUndoWithToast();
  const [asks, setAsks] = useState(false);
  const isLarge = recordCount === null ? operation.kind === 'import' || operation.kind === 'bulk' || operation.kind === 'merge' : recordCount > 1;

  function run(): void {
    void undo(operation.id).then(() => setAsks(false));
  }

  if (!operation.can_undo || operation.is_undone) return null;
  return (
    <>
      <Button size="small" look={look} isBusy={isPending} onClick={() => (isLarge ? setAsks(true) : run())}>
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
          {recordCount === null ? t('operations.undo_whole_text') : t('operations.undo_text')}
        </ConfirmDialog>
      )}
    </>
  );
}
