import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useMailSettings } from '@/api/mail';
import { useSession } from '@/api/session';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Letters } from './Letters';
import { MailForm } from './MailForm';
import styles from './Mail.module.css';
import { PublicUrl } from './PublicUrl';
import { Trial } from './Trial';

/** Through which server letters leave, where their links lead, and what became of each; for administrators. */
export function MailScreen() {
  const { t } = useTranslation('mail');
  const { permissions } = useSession();
  if (!permissions.administer) return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  return <Mail />;
}

function Mail() {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const { data: settings, error, isPending, refetch } = useMailSettings();
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro')}>
      {isPending && <Skeleton lines={6} label={t('loading')} />}
      {error !== null && settings === undefined && <ErrorState message={errorText(error)} onRetry={() => void refetch()} />}
      {settings !== undefined && (
        <div className={styles.parts}>
          <div className={styles.narrow}>
            <PublicUrl settings={settings} />
            <MailForm settings={settings} />
            {settings.is_set_up && <Trial />}
          </div>
          <Letters />
        </div>
      )}
    </Page>
  );
}
