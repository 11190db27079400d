import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Cursor } from '@/records/list/use-grid-keys';
import { paths } from '@/records/paths';
import { useFormat, type Format } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { currencyDecimals } from '@/util/currencies';
import { wonFilter, type Figures, type Metric } from './plan-cells';
import styles from './SalesPlan.module.css';

/** Whole units: a plan is read at a glance, and its pennies stand in the field. */
function text(value: number | null, metric: Metric, currency: string, format: Format): string {
  if (value === null) return '—';
  return format.number(metric === 'deals' ? value : value / 10 ** currencyDecimals(currency), 0);
}

function Bar({ percent }: { percent: number }) {
  return (
    <span className={styles.bar} aria-hidden="true">
      <span className={styles.done} data-full={percent >= 100 || undefined} style={{ width: `${Math.min(100, percent)}%` }} />
    </span>
  );
}

/** Goal, fact and share of several cells. */
export function Sum({ figures, metric, currency }: { figures: Figures; metric: Metric; currency: string }) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { planned, done, percent } = figures;
  return (
    <>
      <span className={styles.goal}>{text(planned, metric, currency, format)}</span>
      <span className={styles.fact}>
        {text(done, metric, currency, format)}
        {percent !== null && <span className={styles.percent}> {t('percent', { percent: format.number(percent) })}</span>}
      </span>
      {percent !== null && <Bar percent={percent} />}
    </>
  );
}

export interface PlanCellProps {
  place: Cursor;
  /** Whose it is, and of which month. */
  label: string;
  figures: Figures;
  /** Whose deals the fact counts. */
  people: readonly number[];
  /** `YYYY-MM`. */
  month: string;
  metric: Metric;
  currency: string;
  isNow: boolean;
  /** The month runs, or is still to come: something may be expected of it. */
  isComing: boolean;
  isActive: boolean;
  isChosen: boolean;
  canEdit: boolean;
  /** What is typed into it; null while nothing is. */
  typed: string | null;
  onType: (text: string) => void;
  onLeave: () => void;
  onPress: (extends_: boolean) => void;
}

/** One month of one person: the goal to be typed, the fact that opens its deals, how much of the goal that is, and what may still come. */
export function PlanCell({ place, label, figures, people, month, metric, currency, isNow, isComing, isActive, isChosen, canEdit, typed, onType, onLeave, onPress }: PlanCellProps) {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const { planned, done, expected, percent } = figures;
  const shown = (value: number | null): string => text(value, metric, currency, format);
  const said = [t('said_goal', { goal: shown(planned) }), t('said_fact', { fact: shown(done) }), ...(isComing && expected ? [t('said_expected', { sum: shown(expected) })] : [])];
  return (
    <td
      role="gridcell"
      data-cell={`${place.row}-${place.column}`}
      tabIndex={isActive ? 0 : -1}
      aria-label={`${label}: ${said.join(', ')}`}
      aria-readonly={!canEdit || undefined}
      aria-selected={isActive || isChosen}
      className={classNames(styles.cell, isNow && styles.now, isActive && styles.active, isChosen && styles.chosen, !canEdit && styles.fixed)}
      title={said.join('\n')}
      onMouseDown={(event) => {
        if ((event.target as Element).closest('a, input') !== null) return;
        event.preventDefault();
        onPress(event.shiftKey);
      }}
    >
      {typed === null ? (
        <span className={styles.goal}>{planned === null ? <span className={styles.none}>{canEdit && isActive ? t('type') : '—'}</span> : shown(planned)}</span>
      ) : (
        <input
          className={styles.input}
          aria-label={`${label}: ${t('goal')}`}
          inputMode="decimal"
          autoComplete="off"
          autoFocus
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onBlur={onLeave}
        />
      )}
      <span className={styles.fact}>
        {done === null || done === 0 ? (
          planned !== null && !isComing && <span className={styles.none}>{shown(done)}</span>
        ) : (
          <Link {...paths.list('deal', { section: 'all_deals', filter: wonFilter(people, month) })} tabIndex={isActive ? 0 : -1} className={styles.link}>
            {shown(done)}
          </Link>
        )}
        {percent !== null && done !== 0 && <span className={styles.percent}> {t('percent', { percent: format.number(percent) })}</span>}
      </span>
      {percent !== null && <Bar percent={percent} />}
      {isComing && expected !== null && expected > 0 && <span className={styles.expected}>{t('expected', { sum: metric === 'deals' ? shown(expected) : format.compact(expected / 10 ** currencyDecimals(currency)) })}</span>}
    </td>
  );
}
