import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import styles from './RecordTable.module.css';

export interface ListEndProps {
  /** The search found more than the list can show. */
  isCapped: boolean;
  hasMore: boolean;
  hasFailedMore: boolean;
  onLoadMore: () => void;
}

/** Below the last record: that it was the last, or that more is coming. */
export function ListEnd({ isCapped, hasMore, hasFailedMore, onLoadMore }: ListEndProps) {
  const { t } = useTranslation('records');
  return (
    <div className={styles.end}>
      {hasFailedMore ? (
        <Button size="small" onClick={onLoadMore}>
          {t('load_more_failed')}
        </Button>
      ) : hasMore ? (
        <span>{t('loading_more')}</span>
      ) : (
        <span>{t(isCapped ? 'end_of_search' : 'end_of_list')}</span>
      )}
    </div>
  );
}
