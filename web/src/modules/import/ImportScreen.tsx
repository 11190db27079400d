import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { importQuery } from '@/api/imports';
import type { ImportItem } from '@/api/types';
import { paths } from '@/records/paths';
import { Badge } from '@/ui/Badge';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { CheckStep } from './CheckStep';
import { ColumnsStep } from './ColumnsStep';
import { shownStep, type ImportStep } from './import-steps';
import styles from './ImportScreen.module.css';
import { ResultStep } from './ResultStep';
import { rowCount } from './row-count';
import { StepList } from './StepList';

const SCREENS = { columns: ColumnsStep, check: CheckStep, result: ResultStep } satisfies Record<ImportStep, unknown>;

/** One import from its columns to its report; the server keeps every answer, so the page may be left at any moment. */
export function ImportScreen() {
  const { t } = useTranslation('import');
  const { id } = useParams({ from: '/frame/import/$id' });
  const errorText = useErrorText();
  const query = useQuery(importQuery(Number(id)));
  useTitle(query.data === undefined ? t('title') : t('title_of', { name: query.data.file_name }));
  if (query.data !== undefined) return <Wizard item={query.data} />;
  return (
    <div className={styles.body}>
      {query.isPending && <Skeleton lines={8} label={t('loading')} />}
      {query.isError && <ErrorState message={errorText(query.error)} onRetry={() => void query.refetch()} />}
    </div>
  );
}

function Wizard({ item }: { item: ImportItem }) {
  const { step: wish } = useSearch({ from: '/frame/import/$id' });
  const step = shownStep(item, wish);
  const Step = SCREENS[step];
  return (
    <div className={styles.screen}>
      <Header item={item} />
      <StepList item={item} current={step} />
      <Step key={`${item.id}/${step}`} item={item} />
    </div>
  );
}

function Header({ item }: { item: ImportItem }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const rows = rowCount(item);
  return (
    <header className={styles.header}>
      <Link {...paths.imports()} className={styles.back} aria-label={t('back_to_list')} title={t('back_to_list')}>
        <IconArrowLeft size={16} aria-hidden="true" />
      </Link>
      <h1 className={styles.title} title={item.file_name}>
        {item.file_name}
      </h1>
      <span className={styles.meta}>
        {format.bytes(item.file_size)}
        {rows !== null && ` · ${t(rows.isExact ? 'rows' : 'rows_estimate', { count: rows.count, number: format.number(rows.count) })}`}
      </span>
      {item.recognised !== null && <Badge color="green">{t(`sources.${item.recognised}`, { defaultValue: item.recognised })}</Badge>}
    </header>
  );
}
