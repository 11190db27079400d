import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDecide } from '@/api/imports';
import type { ImportItem, ImportProblem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { DECISIONS, DecisionChoice } from './DecisionChoice';
import { ProblemPages } from './ProblemPages';
import styles from './ProblemPages.module.css';

/** Rows that look like a card that is there already: to each an answer, or one to all. */
export function DecisionList({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const decide = useDecide(item.id);
  const onError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  return (
    <ProblemPages importId={item.id} kind="decision" empty={t('check.no_decisions')}>
      {(problems) => (
        <>
          <div className={styles.bar} role="group" aria-label={t('decide.for_all')}>
            <p className={styles.barText}>{t('decide.hint')}</p>
            {DECISIONS.map((decision) => (
              <Button key={decision} size="small" onClick={() => decide.mutate({ all: decision }, { onError })}>
                {t(`decide.all.${decision}`)}
              </Button>
            ))}
          </div>
          <Table label={t('check.decisions')} className={styles.stacked}>
            <thead>
              <tr>
                <HeadCell>{t('check.row')}</HeadCell>
                <HeadCell>{t('check.value')}</HeadCell>
                <HeadCell>{t('decide.match')}</HeadCell>
                <HeadCell>{t('decide.answer')}</HeadCell>
              </tr>
            </thead>
            <tbody>
              {problems.map((problem) => (
                <DecisionRow
                  key={problem.row}
                  problem={problem}
                  item={item}
                  onDecide={(decision) => decide.mutate({ rows: [{ row: problem.row, decision }] }, { onError })}
                />
              ))}
            </tbody>
          </Table>
        </>
      )}
    </ProblemPages>
  );
}

interface DecisionRowProps {
  problem: ImportProblem;
  item: ImportItem;
  onDecide: (decision: NonNullable<ImportProblem['decision']>) => void;
}

function DecisionRow({ problem, item, onDecide }: DecisionRowProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const { match } = problem;
  const reasons = (match?.on ?? []).map((reason) => t(`decide.on.${reason}`, { defaultValue: reason }));
  return (
    <tr>
      <Cell className={styles.row}>{t('check.row_number', { row: format.number(problem.row) })}</Cell>
      <Cell className={styles.value}>{problem.value}</Cell>
      <Cell>
        {match == null ? (
          <span className={styles.muted}>
            {problem.code === 'same_in_file' ? t('decide.same_in_file', { row: String(problem.params?.row ?? '') }) : t('decide.hidden_card')}
          </span>
        ) : (
          <RecordLink type={item.type} id={match.id} className={styles.link}>
            {match.title}
          </RecordLink>
        )}
        {reasons.length > 0 && <span className={styles.muted}> {t('decide.same', { what: reasons.join(', ') })}</span>}
      </Cell>
      <Cell className={styles.decisionCell}>
        <DecisionChoice row={problem.row} value={problem.decision} onChange={onDecide} />
      </Cell>
    </tr>
  );
}
