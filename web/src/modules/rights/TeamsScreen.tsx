import { IconDots, IconPencil, IconPlus, IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import type { RecordItem } from '@/api/types';
import { asReferences } from '@/fields/values';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { teamsQuery } from '@/records/teams';
import { UserAvatar } from '@/fields/UserAvatar';
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
import { ReportingTree } from './ReportingTree';
import { TeamDialog } from './TeamDialog';
import styles from './Teams.module.css';

/** Faces of a team that are shown; the others are a number. */
const FACES = 6;

type Part = 'teams' | 'tree';

/** Who works together, and who reports to whom: both say whose records a role with the level of a team reaches. */
export function TeamsScreen() {
  const { t } = useTranslation('rights');
  const mayKeep = useMay('users');
  if (!mayKeep) return <EmptyState title={t('closed')}>{t('closed_text')}</EmptyState>;
  return <Teams />;
}

function Teams() {
  const { t } = useTranslation('rights');
  const [part, setPart] = useState<Part>('teams');
  const [dialog, setDialog] = useState<{ team: RecordItem | null } | null>(null);
  return (
    <Page
      isInner
      width="list"
      title={t('teams.title')}
      intro={t(part === 'teams' ? 'teams.intro' : 'tree.intro')}
      aside={
        part === 'teams' && (
          <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ team: null })}>
            {t('teams.new')}
          </Button>
        )
      }
    >
      <Tabs
        label={t('teams.title')}
        current={part}
        onChange={setPart}
        tabs={[
          { key: 'teams', label: t('teams.title') },
          { key: 'tree', label: t('tree.title') },
        ]}
      />
      {part === 'teams' ? <TeamList onChange={(team) => setDialog({ team })} onNew={() => setDialog({ team: null })} /> : <ReportingTree />}
      {dialog !== null && <TeamDialog team={dialog.team} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function TeamList({ onChange, onNew }: { onChange: (team: RecordItem) => void; onNew: () => void }) {
  const { t } = useTranslation('rights');
  const errorText = useErrorText();
  const list = useQuery(teamsQuery);
  const remove = useRemoveWithToast('team');
  const teams = list.data ?? [];

  if (list.isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (list.isError && teams.length === 0) return <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />;
  if (teams.length === 0) {
    return (
      <EmptyState
        icon={<IconUsersGroup size={20} />}
        title={t('teams.empty')}
        actions={
          <Button look="primary" onClick={onNew}>
            {t('teams.new')}
          </Button>
        }
      >
        {t('teams.empty_text')}
      </EmptyState>
    );
  }
  return (
    <Table label={t('teams.title')} className={styles.list}>
      <thead>
        <tr>
          <HeadCell>{t('teams.name')}</HeadCell>
          <HeadCell>{t('teams.members')}</HeadCell>
          <HeadCell>
            <VisuallyHidden>{t('actions_of')}</VisuallyHidden>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {teams.map((team) => (
          <tr key={team.id}>
            <Cell>
              <button type="button" className={styles.name} onClick={() => onChange(team)}>
                {team.title}
              </button>
            </Cell>
            <Cell>
              <Members team={team} />
            </Cell>
            <Cell className={styles.menu}>
              <Menu
                trigger={<IconButton size="small" label={t('menu', { name: team.title })} icon={<IconDots size={16} />} />}
                items={[
                  { key: 'change', label: t('teams.change'), icon: <IconPencil size={16} />, onSelect: () => onChange(team) },
                  { key: 'delete', label: t('teams.delete'), icon: <IconTrash size={16} />, isDangerous: true, startsGroup: true, onSelect: () => void remove(team.id, t('teams.deleted', { name: team.title })) },
                ]}
              />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Members({ team }: { team: RecordItem }) {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const members = asReferences(team.values.members);
  if (members.length === 0) return <span className={styles.nobody}>{t('teams.nobody')}</span>;
  const names = format.list(members.map((member) => member.title));
  return (
    <span className={styles.members} title={names}>
      <span className={styles.faces} aria-hidden="true">
        {members.slice(0, FACES).map((member) => (
          <UserAvatar key={member.id} id={member.id} title={member.title} />
        ))}
      </span>
      <span className={styles.names}>{members.length <= 2 ? names : t('roles.people', { count: members.length })}</span>
    </span>
  );
}
