import { IconCopy } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf, type InvitationLink } from '@/api/invitations';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { copyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
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
        <FormField controlId="invitation-link" label={t('invitation_link')}>
          <div className={styles.password}>
            <TextInput id="invitation-link" value={address} readOnly data-autofocus="" onFocus={(event) => event.target.select()} />
            <IconButton isFramed label={t('copy_link')} icon={<IconCopy size={16} />} onClick={() => void copyText(address, t('link_copied'))} />
          </div>
        </FormField>
      </div>
    </Dialog>
  );
}
