import { useTranslation } from 'react-i18next';
import { useFormat } from '@/ui/use-format';
import styles from './referring.module.css';
import type { State } from './states';

export interface StateChipsProps {
  /** Whose states they are; spoken by screen readers. */
  label: string;
  states: readonly State[];
  chosen: string | null;
  /** Null shows all of them. */
  onChoose: (meaning: string | null) => void;
}

/** How many are how far, and what they come to; a press shows those alone, another one all. */
export function StateChips({ label, states, chosen, onChoose }: StateChipsProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  // One that holds all of them has nothing to choose between, and no number that is not above it.
  const isTold = states.length > 1 || states.some(({ meaning, sums }) => sums.length > 0 || (chosen !== null && meaning !== chosen));
  if (!isTold) return null;
  return (
    <div className={styles.states} role="group" aria-label={t('referring.by_state', { kind: label })}>
      {states.map(({ meaning, count, isCapped, sums }) => (
        <button key={meaning} type="button" className={styles.state} data-meaning={meaning} aria-pressed={meaning === chosen} onClick={() => onChoose(meaning === chosen ? null : meaning)}>
          <span>{t(`referring.states.${meaning}`, { defaultValue: meaning })}</span>
          <b>{format.number(count) + (isCapped ? '+' : '')}</b>
          {sums.length > 0 && <span className={styles.sum}>{sums.map(({ amount, currency }) => (currency === null ? format.number(amount) : format.money(amount, currency))).join(' · ')}</span>}
        </button>
      ))}
    </div>
  );
}
