import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { importsQuery } from '@/api/imports';
import type { ImportHead } from '@/api/types';
import { paths } from '@/records/paths';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import styles from './ImportListScreen.module.css';
import { StateBadge } from './StateBadge';
import { UploadArea } from './UploadArea';

/** What of a report is worth a word in the list. */
const PARTS = ['created', 'updated', 'failed', 'undecided'] as const;

/** A place to bring a file, and the imports there were. */
export function ImportListScreen() {
  const { t } = useTranslation('import');
  const errorText = useErrorText();
  const imports = useQuery(importsQuery);
  const items = imports.data?.items ?? [];
  useTitle(t('title'));
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <h1 className={styles.title}>{t('title')}</h1>
        <p className={styles.intro}>{t('intro')}</p>
        <UploadArea />
        <h2 className={styles.heading}>{t('list.title')}</h2>
        {imports.isPending && <Skeleton lines={4} label={t('loading')} />}
        {imports.isError && items.length === 0 && (
          <ErrorState message={errorText(imports.error)} onRetry={() => void imports.refetch()} />
        )}
        {imports.isSuccess && items.length === 0 && <p className={styles.intro}>{t('list.empty')}</p>}
        {items.length > 0 && (
          <Table label={t('list.title')} className={styles.list}>
            <thead>
              <tr>
                <HeadCell>{t('list.file')}</HeadCell>
                <HeadCell>{t('list.state')}</HeadCell>
                <HeadCell className={styles.wide}>{t('list.result')}</HeadCell>
                <HeadCell className={styles.wide}>{t('list.when')}</HeadCell>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <ImportRow key={item.id} item={item} />
              ))}
            </tbody>
          </Table>
        )}
      </div>
    </div>
  );
}

function ImportRow({ item }: { item: ImportHead }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const { report } = item;
  const at = item.created_at ?? item.job?.started_at;
  return (
    <tr>
      <Cell>
        <Link {...paths.import(item.id)} className={styles.link}>
          {item.file_name}
        </Link>
        <span className={styles.size}> {format.bytes(item.file_size)}</span>
      </Cell>
      <Cell>
        <StateBadge state={item.state} />
      </Cell>
      <Cell className={styles.wide}>
        {PARTS.filter((part) => report !== null && (report[part] ?? 0) > 0).map((part) => (
          <span key={part} className={styles.part}>
            {t(`list.parts.${part}`, { number: format.number(report?.[part] ?? 0) })}
          </span>
        ))}
      </Cell>
      <Cell className={styles.when}>{at != null && format.recent(at)}</Cell>
    </tr>
  );
}
