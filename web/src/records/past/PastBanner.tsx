import { useTranslation } from 'react-i18next';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import styles from './past.module.css';

/** Above a list of the past: which moment it is, and the way back. */
export function PastBanner({ at, onLeave }: { at: string; onLeave: () => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  return (
    <div className={styles.banner}>
      <Banner
        tone="warning"
        actions={
          <Button size="small" onClick={onLeave}>
            {t('past.leave')}
          </Button>
        }
      >
        {t('past.banner', { instant: format.instant(at) })}
      </Banner>
    </div>
  );
}
