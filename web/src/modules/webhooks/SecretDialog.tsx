import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import styles from './Webhooks.module.css';

/** The secret that messages are signed with, this once. */
export function SecretDialog({ secret, oldUntil, onClose }: { secret: string; oldUntil?: string; onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  return (
    <Dialog
      title={t('secret_title')}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose} data-autofocus="">
          {t('done')}
        </Button>
      }
    >
      <div className={styles.form}>
        <Banner tone="warning">{t('secret_once')}</Banner>
        <CopyField id="webhook-secret" label={t('secret')} value={secret} hint={t('secret_hint')} copyLabel={t('copy')} copiedText={t('copied')} />
        {oldUntil !== undefined && <p className={styles.hint}>{t('old_secret', { when: format.instant(oldUntil) })}</p>}
      </div>
    </Dialog>
  );
}
