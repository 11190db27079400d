import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useUndo, type Overwrite } from '@/api/operations';
import type { ImportUndoAnswer, UndoAnswer } from '@/api/types';
import { hideToastsOf, showToast } from '@/ui/toast';
import { showLaterChanges } from './later-store';
import { undoMessage } from './undo-message';

export interface UndoWithToast {
  /**
   * Takes an operation back and tells how it went; null if it failed. The screen that asked may be gone by then.
   * `choices` go back although they were changed since, of an operation that is undone nothing else.
   */
  undo: (operationId: number, choices?: Overwrite, isUndone?: boolean) => Promise<UndoAnswer | null>;
  /** The same for an import with all that its queue loaded. */
  undoImport: (importId: number) => Promise<ImportUndoAnswer | null>;
  /** Tells what was done, with a button that takes it back where there is an operation. */
  showDone: (text: string, operationId: number | null) => void;
  isPending: boolean;
}

/** The one way to undo: done, done in part or refused, the person hears of it. */
export function useUndoWithToast(): UndoWithToast {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  // Callbacks given to `mutate` are dropped with their component, and a toast outlives the screen it came from.
  const { mutateAsync, isPending } = useUndo();
  const undoAgain = useRef<(operationId: number) => Promise<unknown>>(() => Promise.resolve());
  const tell = useCallback(
    (answer: UndoAnswer, operationId: number | null, isUndone: boolean): void => {
      const { key, count } = undoMessage(answer);
      showToast(key === 'undone_kept' ? t('undone_kept', { count }) : t(key), {
        tone: key === 'nothing_undone' ? 'error' : 'normal',
        action:
          count === 0 || operationId === null
            ? null
            : { label: t('later.show'), onPress: () => showLaterChanges({ operationId, isUndone: isUndone || key !== 'nothing_undone' }) },
      });
    },
    [t],
  );
  const undo = useCallback(
    async (operationId: number, choices: Overwrite = {}, isUndone = false): Promise<UndoAnswer | null> => {
      try {
        const answer = await mutateAsync({ operationId, ...choices });
        hideToastsOf(operationId);
        const again = answer.operation_id ?? null;
        if (isUndone && undoMessage(answer).key === 'undone') {
          showToast(t('later.done'), { action: again === null ? null : { label: t('undo'), undoes: again, onPress: () => void undoAgain.current(again) } });
          return answer;
        }
        tell(answer, operationId, isUndone);
        return answer;
      } catch (error) {
        showToast(errorText(error), { tone: 'error' });
        return null;
      }
    },
    [mutateAsync, t, tell, errorText],
  );
  const undoImport = useCallback(
    async (importId: number): Promise<ImportUndoAnswer | null> => {
      try {
        const answer = await mutateAsync({ importId });
        tell(answer, answer.undoes ?? null, false);
        return answer;
      } catch (error) {
        showToast(errorText(error), { tone: 'error' });
        return null;
      }
    },
    [mutateAsync, tell, errorText],
  );
  const showDone = useCallback(
    (text: string, operationId: number | null): void =>
      showToast(text, { action: operationId === null ? null : { label: t('undo'), undoes: operationId, onPress: () => void undo(operationId) } }),
    [t, undo],
  );
  useEffect(() => {
    undoAgain.current = undo;
  }, [undo]);
  return { undo, undoImport, showDone, isPending };
}
