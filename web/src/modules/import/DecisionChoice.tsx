import { useTranslation } from 'react-i18next';
import type { ImportDecision } from '@/api/types';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { useFormat } from '@/ui/use-format';

export const DECISIONS = ['update', 'merge', 'create_shared', 'skip'] as const satisfies readonly ImportDecision[];

export interface DecisionChoiceProps {
  row: number;
  value: ImportDecision | null;
  onChange: (decision: ImportDecision) => void;
}

/** What is to happen with one row. */
export function DecisionChoice({ row, value, onChange }: DecisionChoiceProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  return (
    <SegmentedChoice
      label={t('decide.answer_to', { row: format.number(row) })}
      value={value}
      options={DECISIONS.map((decision) => ({ value: decision, label: t(`decide.one.${decision}`), hint: t(`decide.hints.${decision}`) }))}
      onChange={onChange}
    />
  );
}
