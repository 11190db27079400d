import { useTranslation } from 'react-i18next';
import styles from './fields.module.css';

/** A dash where there is no value. */
export function Nothing() {
  return (
    <span className={styles.nothing} aria-hidden="true">
      —
    </span>
  );
}

/** In the place of a record that the reader may not see: it has no title for him. */
export function Unseen() {
  const { t } = useTranslation('fields');
  return <span className={styles.unseen}>{t('unseen')}</span>;
}
