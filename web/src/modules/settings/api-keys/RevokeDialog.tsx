import { useTranslation } from 'react-i18next';
import { useRevokeApiKey, type ApiKey } from '@/api/api-keys';
import { useErrorText } from '@/api/errors';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';
import styles from './ApiKeys.module.css';

/** A key that is taken back cannot be given again, so that is asked for. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation('api-keys');
  const errorText = useErrorText();
  const revoke = useRevokeApiKey();
  const { name } = apiKey;

  function end(): void {
    showToast(t('revoked', { name }));
    onClose();
  }

  return (
    <Dialog
      title={t('revoke_title', { name })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" isBusy={revoke.isPending} data-autofocus="" onClick={() => revoke.mutate(apiKey.id, { onSuccess: end })}>
            {t('revoke')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {revoke.isError && <Banner tone="error">{errorText(revoke.error)}</Banner>}
        <p>{t('revoke_text')}</p>
      </div>
    </Dialog>
  );
}
