import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/ui/EmptyState';
import { useTitle } from '@/ui/use-title';
import styles from './app.module.css';

export function NotFound() {
  const { t } = useTranslation('app');
  useTitle(t('not_found.title'));
  return (
    <EmptyState
      title={t('not_found.title')}
      actions={
        <Link to="/" className={styles.homeLink}>
          {t('not_found.go_home')}
        </Link>
      }
    >
      {t('not_found.text')}
    </EmptyState>
  );
}
