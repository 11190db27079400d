import { IconCalendarTime, IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import type { RecordItem } from '@/api/types';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { paths } from '@/records/paths';
import { activeUsersQuery } from '@/records/users';
import { asReference } from '@/fields/values';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Holidays } from './Holidays';
import { HoursDialog } from './HoursDialog';
import { planText, readPlan } from './plan';
import { schedulesQuery } from './queries';
import { ScheduleDialog } from './ScheduleDialog';
import styles from './Schedules.module.css';

type Part = 'schedules' | 'holidays';

/** Who may work when: the schedules, who has which, and the holidays of the company. */
export function SchedulesScreen() {
  const { t } = useTranslation('schedules');
  const mayKeep = useMay('users');
  if (!mayKeep) return <EmptyState title={t('closed')}>{t('closed_text')}</EmptyState>;
  return <Schedules />;
}

function Schedules() {
  const { t } = useTranslation('schedules');
  const { user: userId } = useSearch({ from: '/frame/settings/schedules' });
  const navigate = useNavigate();
  const people = useQuery(activeUsersQuery);
  const [part, setPart] = useState<Part>('schedules');
  const [dialog, setDialog] = useState<{ schedule: RecordItem | null } | null>(null);
  const user = people.data?.find((person) => person.id === userId);
  return (
    <Page
      isInner
      width="list"
      title={t('title')}
      intro={t(part === 'schedules' ? 'intro' : 'holidays.intro')}
      aside={
        part === 'schedules' && (
          <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ schedule: null })}>
            {t('new')}
          </Button>
        )
      }
    >
      <Tabs
        label={t('title')}
        current={part}
        onChange={setPart}
        tabs={[
          { key: 'schedules', label: t('title') },
          { key: 'holidays', label: t('holidays.title') },
        ]}
      />
      {part === 'schedules' ? <ScheduleList people={people.data ?? []} onChange={(schedule) => setDialog({ schedule })} onNew={() => setDialog({ schedule: null })} /> : <Holidays />}
      {dialog !== null && <ScheduleDialog schedule={dialog.schedule} onClose={() => setDialog(null)} />}
      {user !== undefined && <HoursDialog user={user} onClose={() => void navigate({ ...paths.schedules(), replace: true })} />}
    </Page>
  );
}

interface ScheduleListProps {
  people: readonly RecordItem[];
  onChange: (schedule: RecordItem) => void;
  onNew: () => void;
}

function ScheduleList({ people, onChange, onNew }: ScheduleListProps) {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  const { list } = format;
  const errorText = useErrorText();
  const found = useQuery(schedulesQuery);
  const remove = useRemoveWithToast('schedule');
  const schedules = found.data ?? [];

  if (found.isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (found.isError && schedules.length === 0) return <ErrorState message={errorText(found.error)} onRetry={() => void found.refetch()} />;
  if (schedules.length === 0) {
    return (
      <EmptyState
        icon={<IconCalendarTime size={20} />}
        title={t('empty')}
        actions={
          <Button look="primary" onClick={onNew}>
            {t('new')}
          </Button>
        }
      >
        {t('empty_text')}
      </EmptyState>
    );
  }
  return (
    <Table label={t('title')} className={styles.list}>
      <thead>
        <tr>
          <HeadCell>{t('name')}</HeadCell>
          <HeadCell>{t('hours')}</HeadCell>
          <HeadCell className={styles.people}>{t('people')}</HeadCell>
          <HeadCell>
            <VisuallyHidden>{t('actions_of')}</VisuallyHidden>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => {
          const held = people.filter((person) => asReference(person.values.schedule)?.id === schedule.id);
          const names = list(held.map((person) => person.title));
          return (
            <tr key={schedule.id}>
              <Cell>
                <button type="button" className={styles.name} onClick={() => onChange(schedule)}>
                  {schedule.title}
                </button>
              </Cell>
              <Cell className={styles.hoursText}>{planText(readPlan(schedule.values.hours), format, t('off_short'))}</Cell>
              <Cell className={styles.people}>
                <span title={names}>{held.length === 0 ? t('nobody') : held.length <= 2 ? names : t('count', { count: held.length })}</span>
              </Cell>
              <Cell className={styles.menu}>
                <Menu
                  trigger={<IconButton size="small" label={t('menu', { name: schedule.title })} icon={<IconDots size={16} />} />}
                  items={[
                    { key: 'change', label: t('change'), icon: <IconPencil size={16} />, onSelect: () => onChange(schedule) },
                    {
                      key: 'delete',
                      label: t('delete'),
                      icon: <IconTrash size={16} />,
                      isDangerous: true,
                      startsGroup: true,
                      disabledReason: held.length > 0 ? t('in_use') : null,
                      onSelect: () => void remove(schedule.id, t('deleted', { name: schedule.title })),
                    },
                  ]}
                />
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
