import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordCount } from '@/api/types';
import { keepClear } from '@/ui/keep-clear';
import { useFormat } from '@/ui/use-format';
import styles from './Totals.module.css';

export interface TotalsProps {
  shown: number;
  count: RecordCount | undefined;
  /** The search found more than the list can show. */
  isCapped: boolean;
  isStale: boolean;
  /** Sums of what the list shows. */
  children?: ReactNode;
}

/** How many there are; the server stops counting at ten thousand and says so. */
export function Totals({ shown, count, isCapped, isStale, children }: TotalsProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const total = count === undefined ? null : format.number(count.count) + (count.is_capped ? '+' : '');
  return (
    <div ref={keepClear} className={styles.totals} role="status">
      {shown === 0 || total === null ? null : <span>{t('totals.shown', { shown: format.number(shown), total })}</span>}
      {isCapped && total !== null && <span className={styles.capped}>{t('totals.capped', { number: format.number(count?.count ?? 0) })}</span>}
      {children}
      {isStale && <span className={styles.state}>{t('totals.refreshing')}</span>}
    </div>
  );
}
