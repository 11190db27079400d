import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf, type InvitationLink } from '@/api/invitations';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { Dialog } from '@/ui/Dialog';
import styles from './UsersScreen.module.css';

export interface InvitationLinkDialogProps {
  name: string;
  link: InvitationLink;
  /** A letter would have been sent if mail were set up. */
  isInsteadOfMail: boolean;
  onClose: () => void;
}

/** The link of an invitation, this once: to be handed over. */
export function InvitationLinkDialog({ name, link, isInsteadOfMail, onClose }: InvitationLinkDialogProps) {
  const { t } = useTranslation('users');
  const address = addressOf(link);
  return (
    <Dialog
      title={t('link_made', { name })}
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <div className={styles.form}>
        {isInsteadOfMail && (
          <Banner tone="info">
            {t('link_no_mail')}{' '}
            <Link {...paths.mail()} className={styles.card}>
              {t('to_mail_settings')}
            </Link>
          </Banner>
        )}
        <p className={styles.muted}>{t('link_once')}</p>
        <CopyField
          id="invitation-link"
          label={t('invitation_link')}
          value={address}
          copyLabel={t('copy_link')}
          copiedText={t('link_copied')}
          isFocused
        />
      </div>
    </Dialog>
  );
}
