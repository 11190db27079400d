import { IconCalendarOff, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { HolidayDialog } from './HolidayDialog';
import { readSpans, spansText } from './plan';
import { holidaysQuery } from './queries';
import styles from './Schedules.module.css';

/** The days on which the company does not work, or works otherwise. */
export function Holidays() {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  const errorText = useErrorText();
  const found = useQuery(holidaysQuery);
  const remove = useRemoveWithToast('holiday');
  const [dialog, setDialog] = useState<{ holiday: RecordItem | null } | null>(null);
  const holidays = found.data ?? [];

  const add = (
    <Button icon={<IconPlus size={16} />} onClick={() => setDialog({ holiday: null })}>
      {t('holidays.new')}
    </Button>
  );
  return (
    <>
      {found.isPending && <Skeleton lines={4} label={t('loading')} />}
      {found.isError && holidays.length === 0 && <ErrorState message={errorText(found.error)} onRetry={() => void found.refetch()} />}
      {found.isSuccess && holidays.length === 0 && (
        <EmptyState icon={<IconCalendarOff size={20} />} title={t('holidays.empty')} actions={add}>
          {t('holidays.empty_text')}
        </EmptyState>
      )}
      {holidays.length > 0 && (
        <>
          <Table label={t('holidays.title')} className={styles.list}>
            <thead>
              <tr>
                <HeadCell>{t('holidays.date')}</HeadCell>
                <HeadCell>{t('holidays.name')}</HeadCell>
                <HeadCell>{t('hours')}</HeadCell>
                <HeadCell>
                  <VisuallyHidden>{t('actions_of')}</VisuallyHidden>
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {holidays.map((holiday) => {
                const hours = readSpans(holiday.values.hours);
                return (
                  <tr key={holiday.id}>
                    <Cell>
                      <span className={styles.when}>
                        {format.date(asText(holiday.values.date))}
                        {holiday.values.is_yearly === true && <Badge>{t('holidays.yearly')}</Badge>}
                      </span>
                    </Cell>
                    <Cell>
                      <button type="button" className={styles.name} onClick={() => setDialog({ holiday })}>
                        {holiday.title}
                      </button>
                    </Cell>
                    <Cell className={styles.hoursText}>{hours.length === 0 ? t('day_off') : spansText(hours, format.clock)}</Cell>
                    <Cell className={styles.menu}>
                      <IconButton size="small" label={t('holidays.delete', { name: holiday.title })} icon={<IconTrash size={16} />} onClick={() => void remove(holiday.id, t('holidays.deleted', { name: holiday.title }))} />
                    </Cell>
                  </tr>
                );
              })}
            </tbody>
          </Table>
          <div className={styles.below}>{add}</div>
        </>
      )}
      {dialog !== null && <HolidayDialog holiday={dialog.holiday} onClose={() => setDialog(null)} />}
    </>
  );
}
