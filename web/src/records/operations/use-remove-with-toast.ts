import { useErrorText } from '@/api/errors';
import { useDeleteRecord } from '@/api/records';
import { showToast } from '@/ui/toast';
import { useUndoWithToast } from './use-undo-with-toast';

/** Moves a record of the type to the trash at once; `text` tells that it is gone, beside the button that takes it back. */
export function useRemoveWithToast(type: string): (id: number, text: string) => Promise<void> {
  const errorText = useErrorText();
  // Callbacks given to `mutate` are dropped with their component, and the row goes with the record.
  const { mutateAsync: remove } = useDeleteRecord(type);
  const { showDone } = useUndoWithToast();
  return async (id, text) => {
    try {
      showDone(text, (await remove(id)).operation_id);
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  };
}
