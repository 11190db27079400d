import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRetentionRule, type RetentionRule } from '@/api/retention';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import styles from './PersonalData.module.css';

/** Asks once more before a retention rule goes. */
export function DeleteRuleDialog({ rule, onClose }: { rule: RetentionRule; onClose: () => void }) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const remove = useDeleteRetentionRule();
  return (
    <Dialog
      title={t('retention.delete_title', { name: rule.name })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" isBusy={remove.isPending} onClick={() => remove.mutate(rule.id, { onSuccess: onClose })}>
            {t('retention.delete')}
          </Button>
        </>
      }
    >
      <p className={styles.hint}>{t('retention.delete_text')}</p>
      {remove.isError && <Banner tone="error">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
