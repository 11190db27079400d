import styles from './fields.module.css';

/** A dash where there is no value. */
export function Nothing() {
  return (
    <span className={styles.nothing} aria-hidden="true">
      —
    </span>
  );
}
