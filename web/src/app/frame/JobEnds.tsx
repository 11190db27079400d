/** Says when long work that was seen running has ended. */
import { useEffect, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { exportUrl, isActive } from '@/api/jobs';
import type { Job } from '@/api/types';
import { showLaterChanges } from '@/records/operations/later-store';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';
import { jobKindKey, keptOperation, readJobReport, undoableOperation } from './job-report';
import { useReportParts } from './JobReportText';

interface JobEndsProps {
  jobs: readonly Job[];
  /** The ids of those seen running; what has ended is taken out when it is told. */
  running: RefObject<Set<number>>;
}

/** Tells the end of each job that was seen running, and what it did not reach. */
export function JobEnds({ jobs, running }: JobEndsProps) {
  const { t } = useTranslation('app');
  const reportParts = useReportParts();
  const { undo } = useUndoWithToast();
  useEffect(() => {
    for (const job of jobs) {
      if (!isActive(job) && running.current.delete(job.id) && job.kind !== 'import_check') {
        const url = exportUrl(job);
        const report = readJobReport(job);
        const ended = t('jobs.ended', { kind: t(jobKindKey(job)), state: t(`jobs.states.${job.state}`) });
        const operation = undoableOperation(job);
        const kept = keptOperation(job);
        showToast([ended, ...(report === null ? [] : reportParts(report))].join('. '), {
          // What was refused must be read, so it does not go by itself.
          tone: job.state === 'failed' || (report !== null && report.failed > 0) ? 'error' : 'normal',
          action:
            url !== null
              ? { label: t('jobs.download'), onPress: () => window.location.assign(url) }
              : operation !== null
                ? { label: t('jobs.undo'), undoes: operation, onPress: () => void undo(operation) }
                : kept !== null
                  ? { label: t('jobs.show_kept'), onPress: () => showLaterChanges({ operationId: kept, isUndone: job.operation_id !== null }) }
                  : null,
        });
      }
    }
  }, [jobs, running, t, reportParts, undo]);
  return null;
}
