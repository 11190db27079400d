import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from '@tanstack/react-router';
import { useSeeAs } from '@/api/access';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import type { InvitationLink, OpenInvitation } from '@/api/invitations';
import { useChangeRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { RecordItem, RecordReference } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { asReferences, asText } from '@/fields/values';
import { UserAvatar } from '@/fields/UserAvatar';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Cell } from '@/ui/Table';
import { paths } from '@/records/paths';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { dayOf } from '@/util/format';
import { useCardActions } from './use-card-actions';
import { useInvitationActions } from './use-invitation-actions';
import styles from './UsersScreen.module.css';

export interface UserRowProps {
  user: RecordItem;
  /** His card among the contacts; null without one, undefined until it is known. */
  card: RecordItem | null | undefined;
  /** He has not come in yet. */
  invitation: OpenInvitation | undefined;
  onLink: (link: InvitationLink, isInsteadOfMail: boolean) => void;
  /** A card that seems to be his may be suggested. */
  onLinkCard: (suggested: RecordReference | null) => void;
  /** His teams, as far as they are known. */
  teams: readonly RecordItem[] | undefined;
  onChange: () => void;
  onCopyRights: () => void;
  onResetPassword: () => void;
  onResetSecondStep: () => void;
  onShowSessions: () => void;
  onLeave: () => void;
}

/** One user; nobody is deleted, for history keeps the names. */
export function UserRow({ user, card, invitation, onLink, teams, onLinkCard, onChange, onCopyRights, onResetPassword, onResetSecondStep, onShowSessions, onLeave }: UserRowProps) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const session = useSession();
  const navigate = useNavigate();
  const change = useChangeRecord('user');
  const seeAs = useSeeAs();
  const { make, unlink, isPending } = useCardActions(user, onLinkCard);
  // A checkbox that is not ticked is not sent.
  const isActive = user.values.is_active === true;
  const ofInvitation = useInvitationActions(user, invitation, onLink);
  const isMe = session.user.id === user.id;

  function activate(): void {
    change.mutate(
      { id: user.id, version: user.version, values: { is_active: true } },
      {
        onSuccess: () => showToast(t('activated', { name: user.title })),
        onError: (error) => showToast(errorText(error), { tone: 'error' }),
      },
    );
  }

  const ofCard: MenuItem[] =
    card === undefined
      ? []
      : card === null
        ? [
            { key: 'make_card', label: t('make_card'), startsGroup: true, onSelect: () => void make() },
            { key: 'link_card', label: t('link_card'), onSelect: () => onLinkCard(null) },
          ]
        : [
            { key: 'open_card', label: t('open_card'), startsGroup: true, onSelect: () => void navigate(paths.card(card.type, card.id)) },
            { key: 'unlink_card', label: t('unlink_card'), onSelect: () => void unlink(card) },
          ];

  return (
    <tr data-inactive={!isActive || undefined} className={styles.user}>
      <Cell>
        <button type="button" className={styles.name} title={t('change_named', { name: user.title })} onClick={onChange}>
          <UserAvatar id={user.id} title={user.title} />
          <span className={styles.words}>
            <span>{user.title}</span>
            {isMe && <span className={styles.muted}>{t('you')}</span>}
            {invitation !== undefined && <InvitationBadge invitation={invitation} />}
            <KindBadge user={user} />
            {!isActive && invitation === undefined && <Badge>{t('inactive')}</Badge>}
          </span>
        </button>
      </Cell>
      <Cell className={styles.wide}>{asText(user.values.login)}</Cell>
      <Cell>
        <span className={styles.badges}>
          {asReferences(user.values.roles).map((role) => (
            <Badge key={role.id}>{role.title}</Badge>
          ))}
        </span>
      </Cell>
      <Cell className={styles.wide}>{teams?.map((team) => team.title).join(', ')}</Cell>
      <Cell className={styles.wide}>
        {card === null && (
          <Button look="link" isBusy={isPending} onClick={() => void make()}>
            {t('make_card')}
          </Button>
        )}
        {card && (
          <RecordLink type={card.type} id={card.id} className={styles.card}>
            {card.title}
          </RecordLink>
        )}
      </Cell>
      <Cell className={styles.menu}>
        <Menu
          trigger={<IconButton size="small" label={t('menu', { name: user.title })} icon={<IconDots size={16} />} />}
          items={[
            { key: 'change', label: t('change'), onSelect: onChange },
            {
              key: 'see_as',
              label: t('see_as'),
              disabledReason: isMe ? t('not_yourself_seen') : !isActive ? t('see_as_inactive') : session.permissions.administer ? null : t('see_as_administrator'),
              onSelect: () => seeAs.mutate(user.id, { onError: (error) => showToast(errorText(error), { tone: 'error' }) }),
            },
            { key: 'copy', label: t('rights.menu'), onSelect: onCopyRights },
            {
              key: 'password',
              label: t('reset_password'),
              disabledReason: isMe ? t('own_password') : invitation !== undefined ? t('awaits_him') : null,
              onSelect: onResetPassword,
            },
            {
              key: 'second_step',
              label: t('reset_second_step'),
              disabledReason: isMe ? t('own_second_step') : user.values.has_second_step === true ? null : t('no_second_step'),
              onSelect: onResetSecondStep,
            },
            { key: 'hours', label: t('working_hours'), onSelect: () => void navigate(paths.schedules({ user: user.id })) },
            { key: 'sessions', label: t('show_sessions'), onSelect: onShowSessions },
            ...ofInvitation,
            ...ofCard,
            {
              key: 'active',
              label: isActive ? t('deactivate') : t('activate'),
              startsGroup: true,
              isDangerous: isActive,
              disabledReason: isMe ? t('not_yourself') : invitation !== undefined ? t('awaits_him') : null,
              onSelect: () => (isActive ? onLeave() : activate()),
            },
          ]}
        />
      </Cell>
    </tr>
  );
}

/** Who is no employee, and until when somebody is there. */
function KindBadge({ user }: { user: RecordItem }) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const field = useObjectType('user')?.fields.find(({ name }) => name === 'user_kind');
  const option = field?.settings.options?.find(({ key }) => key === user.values.user_kind);
  const until = asText(user.values.active_until);
  const isOver = until !== '' && until < dayOf(new Date(), format.timeZone);
  return (
    <>
      {option !== undefined && option.key !== 'employee' && <Badge color={option.color}>{format.label(option.labels)}</Badge>}
      {until !== '' && <Badge color={isOver ? 'red' : undefined}>{t(isOver ? 'until_over' : 'until', { day: format.date(until) })}</Badge>}
    </>
  );
}

function InvitationBadge({ invitation }: { invitation: OpenInvitation }) {
  const { t } = useTranslation('users');
  const state = invitation.letter?.state;
  if (!invitation.is_good) return <Badge>{t('invitation_over')}</Badge>;
  if (state === 'refused' || state === 'given_up') return <Badge color="red">{t('invitation_failed')}</Badge>;
  return <Badge color="blue">{t('invited')}</Badge>;
}
