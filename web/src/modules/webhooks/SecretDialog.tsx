import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { copyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { TextInput } from '@/ui/TextInput';
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
        <FormField controlId="webhook-secret" label={t('secret')} hint={t('secret_hint')}>
          <div className={styles.copied}>
            <TextInput id="webhook-secret" readOnly spellCheck={false} value={secret} onFocus={(event) => event.target.select()} />
            <IconButton
              isFramed
              label={t('copy')}
              icon={<IconCopy size={16} />}
              onClick={() => void copyText(secret, t('copied'))}
            />
          </div>
        </FormField>
        {oldUntil !== undefined && <p className={styles.hint}>{t('old_secret', { when: format.instant(oldUntil) })}</p>}
      </div>
    </Dialog>
  );
}
