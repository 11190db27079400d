import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useUndo } from '@/api/operations';
import type { UndoAnswer } from '@/api/types';
import { showToast } from '@/ui/toast';
import { undoMessage } from './undo-message';

export interface UndoWithToast {
  /** Takes an operation back and tells how it went; null if it failed. The screen that asked may be gone by then. */
  undo: (operationId: number) => Promise<UndoAnswer | null>;
  isPending: boolean;
}

/** The one way to undo: done, done in part or refused, the person hears of it. */
export function useUndoWithToast(): UndoWithToast {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  // Callbacks given to `mutate` are dropped with their component, and a toast outlives the screen it came from.
  const { mutateAsync, isPending } = useUndo();
  const undo = useCallback(
    async (operationId: number) => {
      try {
        const answer = await mutateAsync(operationId);
        const { key, count } = undoMessage(answer);
        showToast(key === 'undone_kept' ? t('undone_kept', { count }) : t(key), { tone: key === 'nothing_undone' ? 'error' : 'normal' });
        return answer;
      } catch (error) {
        showToast(errorText(error), { tone: 'error' });
        return null;
      }
    },
    [mutateAsync, t, errorText],
  );
  return { undo, isPending };
}
