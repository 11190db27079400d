import { IconAlertTriangle, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useCodeText } from '@/api/errors';
import type { ImportItem, ImportPreviewRow, ObjectType } from '@/api/types';
import { shapeOf, signOf } from '@/records/record-shape';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { previewRecord, type PreviewField, type PreviewProblem } from './preview-fields';
import styles from './Preview.module.css';
import { PreviewValue } from './PreviewValue';

export interface PreviewProps {
  item: ImportItem;
  /** A change is on its way to the server: what stands here is of before. */
  isStale: boolean;
}

/** The first rows of the file as the cards they will become, one at a time. */
export function Preview({ item, isStale }: PreviewProps) {
  const { t } = useTranslation('import');
  const type = useObjectType(item.type);
  const [wanted, setWanted] = useState(0);
  const rows = item.preview;
  const at = Math.min(wanted, rows.length - 1);
  const row = rows[at];
  const withProblems = rows.flatMap((candidate, index) => (candidate.problems.length > 0 ? [index] : []));
  return (
    <section className={styles.preview} aria-busy={isStale} data-stale={isStale || undefined}>
      <header className={styles.header}>
        <div>
          <h2 className={styles.heading}>{t('preview.title')}</h2>
          {withProblems.length === 0 ? (
            <p className={styles.note}>{t('preview.all_good', { count: rows.length })}</p>
          ) : (
            <Button look="link" title={t('preview.to_problem')} onClick={() => setWanted(withProblems.find((index) => index > at) ?? withProblems[0] ?? 0)}>
              {t('preview.with_problems', { count: withProblems.length, total: rows.length })}
            </Button>
          )}
        </div>
        {rows.length > 1 && (
          <div className={styles.pager}>
            <IconButton
              size="small"
              label={t('preview.previous')}
              icon={<IconChevronLeft size={16} />}
              disabledReason={at === 0 && t('preview.no_previous')}
              onClick={() => setWanted(at - 1)}
            />
            <span className={styles.position} aria-live="polite">
              {t('preview.row', { row: row?.row ?? 0 })}
            </span>
            <IconButton
              size="small"
              label={t('preview.next')}
              icon={<IconChevronRight size={16} />}
              disabledReason={at === rows.length - 1 && t('preview.no_next')}
              onClick={() => setWanted(at + 1)}
            />
          </div>
        )}
      </header>
      {row === undefined || type === undefined ? (
        <p className={styles.empty}>{t('preview.empty')}</p>
      ) : (
        <PreviewCard row={row} item={item} type={type} />
      )}
    </section>
  );
}

function PreviewCard({ row, item, type }: { row: ImportPreviewRow; item: ImportItem; type: ObjectType }) {
  const { t } = useTranslation('import');
  const record = previewRecord(row, item.columns, type);
  return (
    <div className={styles.card}>
      <div className={styles.who}>
        <Avatar id={row.row} title={record.title} shape={shapeOf(row)} sign={signOf(row)} />
        <span className={styles.title}>{record.title === '' ? t('preview.no_title') : record.title}</span>
      </div>
      {record.problems.map((problem, index) => (
        <ProblemLine key={index} problem={problem} />
      ))}
      <dl className={styles.fields}>
        {record.fields.map((entry) => (
          <FieldLine key={entry.field.name} entry={entry} />
        ))}
      </dl>
    </div>
  );
}

function FieldLine({ entry: { field, value, problems } }: { entry: PreviewField }) {
  const format = useFormat();
  return (
    <div className={styles.field} data-invalid={problems.length > 0 || undefined}>
      <dt className={styles.label}>{format.label(field.labels)}</dt>
      <dd className={styles.value}>
        <PreviewValue field={field} value={value} />
        {problems.map((problem, index) => (
          <ProblemLine key={index} problem={problem} />
        ))}
      </dd>
    </div>
  );
}

function ProblemLine({ problem }: { problem: PreviewProblem }) {
  const codeText = useCodeText();
  return (
    <p className={styles.problem}>
      <IconAlertTriangle size={14} aria-hidden="true" />
      <span>
        {problem.value != null && problem.value !== '' && <s className={styles.bad}>{problem.value}</s>}
        {codeText(problem.code, problem.params)}
      </span>
    </p>
  );
}
