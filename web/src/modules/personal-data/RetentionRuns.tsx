import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { retentionRunsQuery, type RetentionRun } from '@/api/retention';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';

const WHY = ['held', 'restricted', 'staff', 'blocked'] as const;

/** What the retention rules did each night, and what they left and why. */
export function RetentionRuns() {
  const { t } = useTranslation('personal-data');
  const { data } = useQuery(retentionRunsQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section>
      <h2 className={styles.heading}>{t('retention.runs')}</h2>
      <Table label={t('retention.runs')}>
        <thead>
          <tr>
            <HeadCell>{t('retention.started')}</HeadCell>
            <HeadCell>{t('retention.name')}</HeadCell>
            <HeadCell>{t('retention.result')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {data.items.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </Table>
    </section>
  );
}

function RunRow({ run }: { run: RetentionRun }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const lines = [
    t(`retention.did.${run.action}`, { count: run.done, number: format.number(run.done) }),
    ...WHY.filter((why) => run.left[why] > 0).map((why) => t(`retention.left.${why}`, { count: run.left[why], number: format.number(run.left[why]) })),
    ...(run.finished_at === null ? [t('retention.unfinished')] : run.is_complete ? [] : [t('retention.goes_on')]),
  ];
  return (
    <tr>
      <Cell>{format.instant(run.started_at)}</Cell>
      <Cell>{run.name}</Cell>
      <Cell className={styles.muted}>{lines.join(' · ')}</Cell>
    </tr>
  );
}
