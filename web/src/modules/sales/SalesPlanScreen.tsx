import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { salesPlanQuery, type SalesPlanQuery } from '@/api/sales-plan';
import { paths } from '@/records/paths';
import { teamsQuery } from '@/records/teams';
import { Banner } from '@/ui/Banner';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { dayOf } from '@/util/format';
import { METRICS, type Metric } from './plan-cells';
import { PlanGrid } from './PlanGrid';
import styles from './SalesPlan.module.css';

/** What people and teams shall sell in a year, month by month, beside what they have sold. */
export function SalesPlanScreen() {
  const { t } = useTranslation('sales');
  const format = useFormat();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/frame/sales-plan' });
  const [today] = useState(() => dayOf(new Date(), format.timeZone));
  const year = search.year ?? Number(today.slice(0, 4));
  const [metric, setMetric] = useState<Metric>('amount');
  const query = useMemo<SalesPlanQuery>(() => ({ from: `${year}-01`, to: `${year}-12`, team: search.team }), [year, search.team]);
  const plan = useQuery({ ...salesPlanQuery(query), placeholderData: keepPreviousData });
  const teams = useQuery(teamsQuery).data ?? [];
  const unrated = [...new Set(plan.data?.rows.flatMap(({ months }) => months.flatMap((month) => month.unrated)) ?? [])];
  useTitle(t('title'));

  function show(next: { year?: number; team?: number }): void {
    void navigate({ ...paths.salesPlan({ ...search, ...next }), replace: true });
  }

  return (
    <div className={styles.screen}>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('title')}</h1>
        <div className={styles.year}>
          <IconButton label={t('year_before')} icon={<IconChevronLeft size={16} />} onClick={() => show({ year: year - 1 })} />
          <strong aria-live="polite">{year}</strong>
          <IconButton label={t('year_after')} icon={<IconChevronRight size={16} />} onClick={() => show({ year: year + 1 })} />
        </div>
        <SegmentedChoice label={t('metric')} value={metric} options={METRICS.map((value) => ({ value, label: t(`metrics.${value}`, { currency: plan.data?.currency ?? '' }) }))} onChange={setMetric} />
        {teams.length > 0 && (
          <Select
            className={styles.teams}
            size="small"
            aria-label={t('team')}
            value={search.team?.toString() ?? ''}
            emptyLabel={t('everybody')}
            options={teams.map(({ id, title }) => ({ value: String(id), label: title }))}
            onChange={(id) => show({ team: id === '' ? undefined : Number(id) })}
          />
        )}
      </header>
      {plan.isError && plan.data === undefined ? (
        <ErrorState message={errorText(plan.error)} onRetry={() => void plan.refetch()} />
      ) : plan.data === undefined ? (
        <Skeleton lines={10} label={t('loading')} />
      ) : plan.data.rows.length === 0 ? (
        <EmptyState title={t('empty')}>{t('empty_hint')}</EmptyState>
      ) : (
        <>
          {!plan.data.has_facts && <Banner tone="warning">{t('no_facts')}</Banner>}
          <PlanGrid plan={plan.data} query={query} metric={metric} today={today} />
          <p className={styles.note}>
            {t('about')} {unrated.length > 0 && t('unrated', { currencies: format.list(unrated) })}
          </p>
        </>
      )}
    </div>
  );
}
