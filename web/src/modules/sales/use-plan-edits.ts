import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useWriteCells } from '@/api/cells';
import { newIdempotencyKey } from '@/api/client';
import { useCodeText, useErrorText } from '@/api/errors';
import { GOAL_TYPE, usePatchSalesPlan, type SalesPlan, type SalesPlanQuery } from '@/api/sales-plan';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';
import { rowsToWrite, withGoals, type GoalChange, type Metric } from './plan-cells';

/** Writes goals as the cells of a spreadsheet: shown at once, as one operation that can be taken back. */
export function usePlanEdits(plan: SalesPlan, query: SalesPlanQuery, metric: Metric): { write: (changes: readonly GoalChange[]) => Promise<void> } {
  const { t } = useTranslation('sales');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { mutateAsync } = useWriteCells(GOAL_TYPE);
  const { patch, readAgain } = usePatchSalesPlan(query);
  const { showDone } = useUndoWithToast();
  const write = useCallback(
    async (changes: readonly GoalChange[]) => {
      const rows = rowsToWrite(plan, changes, metric);
      if (rows.length === 0) return;
      patch((before) => withGoals(before, changes, metric));
      try {
        const answer = await mutateAsync({ rows, idempotencyKey: newIdempotencyKey() });
        const [problem] = answer.problems;
        if (problem !== undefined) showToast(codeText(problem.code, problem.params), { tone: 'error' });
        else showDone(t('saved', { count: rows.length }), answer.operation_id);
      } catch (error) {
        showToast(errorText(error), { tone: 'error' });
      }
      await readAgain();
    },
    [plan, metric, patch, readAgain, mutateAsync, showDone, t, errorText, codeText],
  );
  return { write };
}
