import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forgetSecondStep } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';
import { CODE_FORM_ID, CodeSetup } from './CodeSetup';
import { RecoveryCodeList } from './RecoveryCodeList';
import styles from './sign-in.module.css';

/** First the app, then the recovery codes, this once. */
export function CodeSetupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('sign-in');
  const client = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);

  function end(): void {
    void forgetSecondStep(client);
    showToast(t('is_on'));
    onClose();
  }

  if (codes !== null) {
    return (
      <Dialog
        title={t('recovery_title')}
        size="small"
        closesOnBackdrop={false}
        onClose={end}
        footer={
          <Button look="primary" onClick={end} data-autofocus="">
            {t('saved_them')}
          </Button>
        }
      >
        <div className={styles.form}>
          <Banner tone="warning">{t('recovery_once')}</Banner>
          <RecoveryCodeList codes={codes} />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('set_up_title')}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={CODE_FORM_ID} isBusy={isBusy}>
            {t('switch_on')}
          </Button>
        </>
      }
    >
      <CodeSetup onDone={setCodes} onBusy={setIsBusy} onCancel={onClose} />
    </Dialog>
  );
}
