/** To give a task to another person. */
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { useMoveWork } from '@/api/work';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';

/** The field of a task that says whose it is. */
export const RESPONSIBLE = 'responsible';

export type HandOver = (task: RecordItem, to: { id: number; title: string }) => void;

/** Gives it and says so, with an undo. */
export function useHandOver(): HandOver {
  const { t } = useTranslation('work');
  const errorText = useErrorText();
  const { mutateAsync } = useMoveWork();
  const { showDone } = useUndoWithToast();
  return (task, to) => {
    mutateAsync({ item: { record: task, field: RESPONSIBLE, by: null }, value: to.id }).then(
      ({ operation_id: operation }) => showDone(t('load.handed', { name: task.title, to: to.title }), operation),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  };
}
