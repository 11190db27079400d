import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useRenewInvitation, useRevokeInvitation, type InvitationLink, type OpenInvitation } from '@/api/invitations';
import type { RecordItem } from '@/api/types';
import type { MenuItem } from '@/ui/Menu';
import { showToast } from '@/ui/toast';

/** What can be done with an invitation that nobody has accepted; nothing for who is in. */
export function useInvitationActions(user: RecordItem, invitation: OpenInvitation | undefined, onLink: (link: InvitationLink, isInsteadOfMail: boolean) => void): MenuItem[] {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const renew = useRenewInvitation();
  const revoke = useRevokeInvitation();
  if (invitation === undefined) return [];
  const onError = (error: Error): void => showToast(errorText(error), { tone: 'error' });

  function send(isMailed: boolean): void {
    renew.mutate(
      { id: user.id, isMailed },
      {
        onSuccess: (link) => {
          if (link.is_mailed) showToast(t('invited_by_mail', { name: user.title }));
          else onLink(link, isMailed);
        },
        onError,
      },
    );
  }

  return [
    { key: 'resend', label: t('resend_invitation'), startsGroup: true, onSelect: () => send(true) },
    { key: 'link', label: t('new_link'), onSelect: () => send(false) },
    ...(invitation.is_good
      ? [
          {
            key: 'revoke',
            label: t('revoke_invitation'),
            isDangerous: true,
            onSelect: () => revoke.mutate(user.id, { onSuccess: () => showToast(t('invitation_revoked', { name: user.title })), onError }),
          },
        ]
      : []),
  ];
}
