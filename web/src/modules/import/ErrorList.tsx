import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useCodeText } from '@/api/errors';
import type { ImportItem, ImportProblem } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { ProblemPages } from './ProblemPages';
import styles from './ProblemPages.module.css';

/** Every cell that cannot be loaded: where it stands, what is in it, and why. */
export function ErrorList({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  return (
    <ProblemPages importId={item.id} kind="error" empty={t('check.no_errors')}>
      {(problems) => (
        <>
          <p className={styles.bar}>{t('check.errors_hint')}</p>
          <Table label={t('check.errors')} className={styles.stacked}>
            <thead>
              <tr>
                <HeadCell>{t('check.row')}</HeadCell>
                <HeadCell>{t('check.column')}</HeadCell>
                <HeadCell>{t('check.value')}</HeadCell>
                <HeadCell>{t('check.cause')}</HeadCell>
              </tr>
            </thead>
            <tbody>
              {problems.map((problem, index) => (
                <ErrorRow key={index} problem={problem} item={item} />
              ))}
            </tbody>
          </Table>
        </>
      )}
    </ProblemPages>
  );
}

function ErrorRow({ problem, item }: { problem: ImportProblem; item: ImportItem }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const codeText = useCodeText();
  const type = useObjectType(item.type);
  const column = item.columns.find((candidate) => candidate.index === problem.column);
  const field = type?.fields.find((candidate) => candidate.name === problem.field);
  return (
    <tr>
      <Cell className={styles.row}>{t('check.row_number', { row: format.number(problem.row) })}</Cell>
      <Cell>{column?.header ?? format.label(field?.labels)}</Cell>
      <Cell className={styles.value}>{problem.value ?? <span className={styles.muted}>{t('check.empty_cell')}</span>}</Cell>
      <Cell className={styles.cause}>
        {problem.code === 'duplicate' ? (
          <ProblemText problem={{ pointer: '', code: problem.code, params: problem.params }} />
        ) : (
          codeText(problem.code, problem.params)
        )}
      </Cell>
    </tr>
  );
}
