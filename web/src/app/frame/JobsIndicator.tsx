import { IconActivity } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isActive, useJobs } from '@/api/jobs';
import type { Job } from '@/api/types';
import { lazyPart } from '@/ui/lazy-part';
import { Popover } from '@/ui/Popover';
import styles from './JobsIndicator.module.css';

const JobEnds = lazyPart(() => import('./JobEnds'), 'JobEnds');

const JobList = lazyPart(() => import('./JobList'), 'JobList');

const SHOWN_JOBS = 8;

const NO_JOBS: readonly Job[] = [];

/** Long work: what runs, how far it is, and what has ended lately. */
export function JobsIndicator() {
  const { t } = useTranslation('app');
  const jobs = useJobs().data?.items ?? NO_JOBS;
  const active = jobs.filter(isActive);
  const running = useRef(new Set<number>());
  const [hasRun, setHasRun] = useState(false);
  if (active.length > 0 && !hasRun) setHasRun(true);
  // Kept here and not where the ends are told: a short job may have ended before that code has come.
  useEffect(() => {
    for (const job of jobs) if (isActive(job)) running.current.add(job.id);
  }, [jobs]);
  return (
    <>
      {hasRun && <JobEnds jobs={jobs} running={running} />}
      <Popover
        placement="bottom-end"
        label={t('jobs.title')}
        className={styles.popover}
        trigger={
          <button
            type="button"
            className={styles.trigger}
            data-active={active.length > 0 || undefined}
            aria-label={active.length > 0 ? t('jobs.running', { count: active.length }) : t('jobs.title')}
            title={t('jobs.title')}
          >
            <IconActivity size={16} aria-hidden="true" />
            {active.length > 0 && <span className={styles.dot} aria-hidden="true" />}
          </button>
        }
      >
        {(close) => (
          <div>
            <h2 className={styles.title}>{t('jobs.title')}</h2>
            {jobs.length === 0 && <p className={styles.none}>{t('jobs.none')}</p>}
            <JobList jobs={jobs.slice(0, SHOWN_JOBS)} onFollow={close} />
          </div>
        )}
      </Popover>
    </>
  );
}
