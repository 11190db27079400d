import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { keys } from '@/api/keys';
import { paths } from '@/records/paths';
import { ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { ProgressBar } from '@/ui/ProgressBar';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { completeness, qualityChecks, wholeFilter, type QualityCheck } from './quality-checks';
import styles from './QualityScreen.module.css';

const TYPE = 'contact';

/** Exact, for a share needs the whole; null where that would take too long. */
function exactCountQuery(filter: string) {
  return queryOptions({
    queryKey: [...keys.lists(TYPE), 'exact', filter],
    queryFn: ({ signal }) => api.get<{ count: number | null }>(`/records/${TYPE}/count`, { filter, exact: true }, signal),
    staleTime: 60_000,
  });
}

/** What the cards of the base lack, and the way to the cards that lack it (CB29). */
export function QualityScreen() {
  const { t } = useTranslation('quality');
  return (
    <Page width="list" title={t('title')} intro={t('intro')}>
      <KindQuality kind="person" />
      <KindQuality kind="company" />
    </Page>
  );
}

function KindQuality({ kind }: { kind: QualityCheck['kind'] }) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const errorText = useErrorText();
  const checks = qualityChecks(kind);
  const total = useQuery(exactCountQuery(`kind = "${kind}"`));
  const counts = useQueries({ queries: checks.map((check) => exactCountQuery(wholeFilter(check))) });
  const share = completeness(
    total.data?.count,
    counts.map((count) => count.data?.count),
  );
  if (total.isPending) return <Skeleton lines={6} label={t('loading')} />;
  if (total.isError) return <ErrorState message={errorText(total.error)} onRetry={() => void total.refetch()} />;
  const all = total.data.count ?? 0;
  if (all === 0) return null;
  return (
    <section className={styles.kind} aria-labelledby={`quality-${kind}`}>
      <header className={styles.head}>
        <h2 id={`quality-${kind}`} className={styles.title}>
          {t(`kinds.${kind}`)} <span className={styles.all}>{format.number(all)}</span>
        </h2>
        {share !== null && <span className={styles.share}>{t('complete', { percent: format.number(Math.floor(share * 100)) })}</span>}
      </header>
      <ul className={styles.list}>
        {checks.map((check, index) => {
          const missing = counts[index]?.data?.count;
          const label = t(`missing.${check.key}`);
          return (
            <li key={check.key} className={styles.row}>
              <span className={styles.label}>{label}</span>
              <ProgressBar label={label} done={all - (missing ?? 0)} total={missing === undefined ? null : all} />
              {missing === undefined || missing === null ? (
                <span className={styles.number}>{missing === null ? t('uncountable') : ''}</span>
              ) : missing === 0 ? (
                <span className={styles.number}>{t('none')}</span>
              ) : (
                <Link className={styles.number} {...paths.list(TYPE, { filter: wholeFilter(check) })}>
                  {t('show', { count: missing, number: format.number(missing) })}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
