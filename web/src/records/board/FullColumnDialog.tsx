import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import styles from './RecordBoard.module.css';

export interface FullColumnDialogProps {
  name: string;
  column: string;
  count: number;
  limit: number;
  onPut: () => void;
  onCancel: () => void;
}

/** A column that is full asks before it takes one more; it never refuses. */
export function FullColumnDialog({ name, column, count, limit, onPut, onCancel }: FullColumnDialogProps) {
  const { t } = useTranslation('board');
  const format = useFormat();
  return (
    <Dialog
      title={t('full_title', { column })}
      size="small"
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>{t('full_no')}</Button>
          <Button look="primary" data-autofocus="" onClick={onPut}>
            {t('full_yes')}
          </Button>
        </>
      }
    >
      <p className={styles.formText}>{t('full', { name, count: format.number(count), limit: format.number(limit) })}</p>
    </Dialog>
  );
}
