import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useCodeText } from '@/api/errors';
import type { ImportItem, ImportProblem } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { ProblemPages } from './ProblemPages';
import styles from './ProblemPages.module.css';

const WORDS = {
  error: { title: 'check.errors', hint: 'check.errors_hint' },
  warning: { title: 'report.warnings', hint: 'report.warnings_hint' },
} as const;

/** Every cell that cannot be loaded, or what was left out of a row that was: where it stands, what is in it, and why. */
export function ErrorList({ item, kind = 'error' }: { item: ImportItem; kind?: keyof typeof WORDS }) {
  const { t } = useTranslation('import');
  const words = WORDS[kind];
  return (
    <ProblemPages importId={item.id} kind={kind} empty={t('check.no_errors')}>
      {(problems) => (
        <>
          <p className={styles.bar}>{t(words.hint)}</p>
          <Table label={t(words.title)} className={styles.stacked}>
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
      <Cell className={styles.value}>
        {problem.value ?? (problem.kind === 'error' && <span className={styles.muted}>{t('check.empty_cell')}</span>)}
      </Cell>
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
