import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { GOAL_TYPE, percentOf, salesPlanQuery } from '@/api/sales-plan';
import { paths } from '@/records/paths';
import { useFormat } from '@/ui/use-format';
import { dayOf } from '@/util/format';
import styles from './MyDay.module.css';

/** How much of the own sales plan of this month is done; nothing without a plan. */
export function OwnPlan({ now }: { now: Date }) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const type = useObjectType(GOAL_TYPE);
  const month = dayOf(now, format.timeZone).slice(0, 7);
  const plan = useQuery({ ...salesPlanQuery({ from: month, to: month, mine: true }), enabled: type?.permissions.see === true }).data;
  const own = plan?.rows.find(({ of }) => of.type === 'user')?.months[0];
  if (plan === undefined || own === undefined || !plan.has_facts) return null;
  const done = own.won.count === 0 ? 0 : own.won.amount;
  const percent = percentOf(done, own.planned);
  if (percent === null || done === null || own.planned === null) return null;
  const money = (amount: number): string => format.money(amount, plan.currency);
  return (
    <Link {...paths.salesPlan()} className={styles.plan}>
      <span className={styles.planBar} aria-hidden="true">
        <span className={styles.planDone} data-full={percent >= 100 || undefined} style={{ width: `${Math.min(100, percent)}%` }} />
      </span>
      <span>
        {t('plan', { percent: format.number(percent), done: money(done), planned: money(own.planned) })}
        {own.open.weighted !== null && own.open.weighted > 0 && <span className={styles.planMore}> {t('plan_more', { sum: money(own.open.weighted) })}</span>}
      </span>
    </Link>
  );
}
