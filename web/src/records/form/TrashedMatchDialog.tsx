import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useUndo } from '@/api/operations';
import { useRestoreRecord } from '@/api/records';
import type { TrashedHolder } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';

export interface TrashedMatchDialogProps {
  typeName: string;
  /** The deleted record that has the same phone or e-mail. */
  holder: TrashedHolder;
  /** The operation that made the new record. */
  operation: number;
  onKeep: () => void;
  onRestored: (id: number) => void;
}

/** After a record was made whose phone or e-mail a deleted one has: perhaps the deleted one was meant. */
export function TrashedMatchDialog({ typeName, holder, operation, onKeep, onRestored }: TrashedMatchDialogProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const undo = useUndo();
  const restore = useRestoreRecord(typeName);
  const error = undo.error ?? restore.error;

  /** The new record goes first: two live ones cannot have the same phone. */
  async function restoreInstead(): Promise<void> {
    try {
      if (!undo.isSuccess) await undo.mutateAsync({ operationId: operation });
      await restore.mutateAsync(holder.id);
    } catch {
      // Shown above the buttons.
      return;
    }
    onRestored(holder.id);
  }

  return (
    <Dialog
      size="small"
      title={t('form.in_trash.title')}
      onClose={onKeep}
      footer={
        <>
          <Button isBusy={undo.isPending || restore.isPending} onClick={() => void restoreInstead()}>
            {t('form.in_trash.restore')}
          </Button>
          <Button look="primary" data-autofocus onClick={onKeep}>
            {t('form.in_trash.keep')}
          </Button>
        </>
      }
    >
      {error !== null && <Banner tone="error">{errorText(error)}</Banner>}
      <p>{t('form.in_trash.text', { title: holder.title, value: holder.display })}</p>
    </Dialog>
  );
}
