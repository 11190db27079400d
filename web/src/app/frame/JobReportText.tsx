import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import { recordQuery } from '@/api/records';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import type { JobReport, LeftRecord } from './job-report';
import styles from './JobsIndicator.module.css';

const NAMED = 20;
const DONE = { update: 'updated', delete: 'deleted', restore: 'restored' } as const;

/** The numbers of a report as sentences, those of what went wrong last. */
export function useReportParts(): (report: JobReport) => string[] {
  const { t } = useTranslation('app');
  const format = useFormat();
  return useCallback(
    ({ action, changed, unchanged, failed, kept, places }) => [
      ...(changed > 0 || unchanged + failed + kept === 0
        ? [t(`jobs.report.${action === null ? 'changed' : DONE[action]}`, { count: changed, number: format.number(changed) })]
        : []),
      ...(unchanged > 0 ? [t('jobs.report.unchanged', { count: unchanged, number: format.number(unchanged) })] : []),
      ...(['unknown', 'exact', 'streetless'] as const).flatMap((key) => {
        const count = places?.[key] ?? 0;
        return count > 0 ? [t(`jobs.report.places_${key}`, { number: format.number(count) })] : [];
      }),
      ...(failed > 0 ? [t('jobs.report.failed', { count: failed, number: format.number(failed) })] : []),
      ...(kept > 0 ? [t('jobs.report.kept', { count: kept, number: format.number(kept) })] : []),
    ],
    [t, format],
  );
}

/** What a job did, and on demand the records that it left as they were. */
export function JobReportText({ report, onFollow }: { report: JobReport; onFollow: () => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const parts = useReportParts();
  const [isOpen, setIsOpen] = useState(false);
  const named = report.left.slice(0, NAMED);
  const more = Math.max(report.failed, report.left.length) - named.length;
  return (
    <>
      <p className={styles.report}>{parts(report).join('. ')}</p>
      {named.length > 0 && !isOpen && (
        <Button look="link" className={styles.show} onClick={() => setIsOpen(true)}>
          {t('jobs.report.which')}
        </Button>
      )}
      {isOpen && <LeftRecords records={named} onFollow={onFollow} />}
      {isOpen && more > 0 && <p className={styles.report}>{t('jobs.report.more', { number: format.number(more) })}</p>}
    </>
  );
}

/** A report of a mass change knows numbers only; the names come with the rights of the reader. */
function LeftRecords({ records, onFollow }: { records: readonly LeftRecord[]; onFollow: () => void }) {
  const { t } = useTranslation('app');
  const codeText = useCodeText();
  const read = useQueries({
    queries: records.map(({ type, id, title }) => ({
      ...recordQuery(type ?? '', id ?? 0),
      enabled: title === null && type !== null && id !== null,
      retry: false,
    })),
  });
  return (
    <ul className={styles.left}>
      {records.map(({ type, id, title, code, params }, index) => {
        const name = title ?? read[index]?.data?.title ?? (id === null ? t('jobs.report.hidden') : `№ ${id}`);
        return (
          <li key={`${type ?? ''}/${id ?? index}`}>
            {type === null || id === null || read[index]?.isError === true ? (
              name
            ) : (
              // The link itself stops the press, hence the capture.
              <span onClickCapture={onFollow}>
                <RecordLink type={type} id={id} className={styles.recordLink}>
                  {name}
                </RecordLink>
              </span>
            )}
            {code !== null && <span className={styles.cause}> {codeText(code, params)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
