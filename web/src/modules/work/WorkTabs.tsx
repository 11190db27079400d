import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '@/records/paths';
import styles from './Workload.module.css';

/** My day, and beside it the work of everybody. */
export function WorkTabs() {
  const { t } = useTranslation('work');
  const active = { className: `${styles.tab} ${styles.active}` };
  return (
    <nav className={styles.tabs} aria-label={t('work')}>
      <Link {...paths.day()} className={styles.tab} activeProps={active} activeOptions={{ includeSearch: false, exact: true }}>
        {t('my_day')}
      </Link>
      <Link {...paths.workload()} className={styles.tab} activeProps={active} activeOptions={{ includeSearch: false }}>
        {t('load.title')}
      </Link>
    </nav>
  );
}
