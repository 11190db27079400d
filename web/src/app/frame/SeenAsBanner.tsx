import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStopSeeingAs } from '@/api/access';
import { useErrorText } from '@/api/errors';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import styles from './SeenAsBanner.module.css';

/** Above everything, while an administrator looks with somebody else's eyes: whose they are, and the way back. */
export function SeenAsBanner({ name }: { name: string }) {
  const { t } = useTranslation('app');
  const errorText = useErrorText();
  const stop = useStopSeeingAs();
  return (
    <div className={styles.banner} role="status">
      <IconEye size={16} aria-hidden="true" />
      <span className={styles.text}>{t('seen_as', { name })}</span>
      <Button size="small" isBusy={stop.isPending} onClick={() => stop.mutate(undefined, { onError: (error) => showToast(errorText(error), { tone: 'error' }) })}>
        {t('seen_as_leave')}
      </Button>
    </div>
  );
}
