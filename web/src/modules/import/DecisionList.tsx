import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useDecide } from '@/api/imports';
import type { ImportItem, ImportProblem, ObjectType } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { DECISIONS, DecisionChoice } from './DecisionChoice';
import { rowTitle, sharedChannel } from './decision-words';
import { ProblemPages } from './ProblemPages';
import styles from './ProblemPages.module.css';

/** Rows that look like a card that is there already: to each an answer, or one to all. `isQueue` is after the import, when they have waited. */
export function DecisionList({ item, isQueue = false }: { item: ImportItem; isQueue?: boolean }) {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const decide = useDecide(item.id);
  const onError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  return (
    <ProblemPages importId={item.id} kind="decision" empty={t('check.no_decisions')}>
      {(problems) => (
        <>
          <div className={styles.bar} role="group" aria-label={t('decide.for_all')}>
            <p className={styles.barText}>{t(isQueue ? 'decide.queue_hint' : 'decide.hint')}</p>
            {DECISIONS.map((decision) => (
              <Button key={decision} size="small" onClick={() => decide.mutate({ all: decision }, { onError })}>
                {t(`decide.all.${decision}`)}
              </Button>
            ))}
          </div>
          <DecisionTable
            item={item}
            problems={problems}
            onDecide={(row, decision) => decide.mutate({ rows: [{ row, decision }] }, { onError })}
          />
        </>
      )}
    </ProblemPages>
  );
}

interface DecisionTableProps {
  item: ImportItem;
  problems: readonly ImportProblem[];
  onDecide: (row: number, decision: NonNullable<ImportProblem['decision']>) => void;
}

function DecisionTable({ item, problems, onDecide }: DecisionTableProps) {
  const { t } = useTranslation('import');
  const type = useObjectType(item.type);
  return (
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
            type={type}
            onDecide={(decision) => onDecide(problem.row, decision)}
          />
        ))}
      </tbody>
    </Table>
  );
}

interface DecisionRowProps {
  problem: ImportProblem;
  item: ImportItem;
  type: ObjectType | undefined;
  onDecide: (decision: NonNullable<ImportProblem['decision']>) => void;
}

function DecisionRow({ problem, item, type, onDecide }: DecisionRowProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const name = rowTitle(problem);
  const channel = sharedChannel(problem, type, format.language);
  return (
    <tr>
      <Cell className={styles.row}>{t('check.row_number', { row: format.number(problem.row) })}</Cell>
      <Cell className={styles.value}>
        {name !== '' && <span className={styles.name}>{name}</span>}
        <span className={name === '' ? undefined : styles.note}>{channel}</span>
      </Cell>
      <Cell>
        <Match problem={problem} item={item} />
      </Cell>
      <Cell className={styles.decisionCell}>
        <DecisionChoice row={problem.row} value={problem.decision} onChange={onDecide} />
      </Cell>
    </tr>
  );
}

/** The card or the row of the file that has the same phone or e-mail, and what they share. */
function Match({ problem, item }: Pick<DecisionRowProps, 'problem' | 'item'>) {
  const { t } = useTranslation('import');
  const { match } = problem;
  if (match == null) {
    return <>{problem.code === 'same_in_file' ? t('decide.same_in_file', { row: String(problem.params?.row ?? '') }) : t('decide.hidden_card')}</>;
  }
  const reasons = match.on.map((reason) => t(`decide.on.${reason}`, { defaultValue: reason })).join(', ');
  return (
    <>
      <RecordLink type={item.type} id={match.id} className={styles.link}>
        {match.title}
      </RecordLink>
      {reasons !== '' && <span className={styles.note}>{t('decide.same', { what: reasons })}</span>}
    </>
  );
}
