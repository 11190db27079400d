import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { operationsQuery } from '@/api/operations';
import type { Operation } from '@/api/types';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useFormat } from '@/ui/use-format';
import { showLaterChanges } from './later-store';
import styles from './OperationsScreen.module.css';
import { UndoButton } from './UndoButton';

/** Who did what to how many, and taking it back. */
export function OperationsScreen() {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const operations = useInfiniteQuery(operationsQuery);
  const items = operations.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('operations.title')} intro={t('operations.intro')}>
      {operations.isPending && <Skeleton lines={8} label={t('loading')} />}
      {operations.isError && items.length === 0 && (
        <ErrorState message={errorText(operations.error)} onRetry={() => void operations.refetch()} />
      )}
      {operations.isSuccess && items.length === 0 && (
        <EmptyState icon={<IconHistory size={20} />} title={t('operations.empty')}>
          {t('operations.empty_text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <Table label={t('operations.title')} className={styles.stacked}>
          <thead>
            <tr>
              <HeadCell>{t('operations.when')}</HeadCell>
              <HeadCell>{t('operations.what')}</HeadCell>
              <HeadCell>{t('operations.records')}</HeadCell>
              <HeadCell>{t('operations.who')}</HeadCell>
              <HeadCell>{t('operations.source')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('trash.actions')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {items.map((operation) => (
              <OperationRow key={operation.id} operation={operation} />
            ))}
          </tbody>
        </Table>
      )}
      {operations.hasNextPage && (
        <Button size="small" className={styles.more} isBusy={operations.isFetchingNextPage} onClick={() => void operations.fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </Page>
  );
}

function OperationRow({ operation }: { operation: Operation }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const type = useObjectType(operation.object_type ?? '');
  // A user or a saved view is called so: most operations are about contacts.
  const typeName = type?.is_system === true ? format.label(type.labels).toLowerCase() : '';
  const name = operation.title ? operation.title + (typeName === '' ? '' : ` (${typeName})`) : '';

  return (
    <tr>
      <Cell className={styles.when}>{format.instant(operation.at)}</Cell>
      <Cell className={styles.what}>
        <span className={styles.kind}>{t(`history.kinds.${operation.kind}`)}</span>
        {name !== '' && <span className={styles.name}> {name}</span>}
        {operation.reason !== null && operation.reason !== '' && <span className={styles.name}> · {operation.reason}</span>}
        {operation.is_undone && (
          <>
            {' '}
            <Badge>{t('history.is_undone')}</Badge>{' '}
            <Button look="link" onClick={() => showLaterChanges({ operationId: operation.id, isUndone: true, line: name })}>
              {t('later.kept')}
            </Button>
          </>
        )}
      </Cell>
      <Cell isNumber className={styles.count}>
        <span className={styles.wide}>{format.number(operation.record_count)}</span>
        <span className={styles.narrow}>{t('operations.record_count', { count: operation.record_count, number: format.number(operation.record_count) })}</span>
      </Cell>
      <Cell className={styles.who}>{operation.user?.title ?? '—'}</Cell>
      <Cell className={styles.source}>{t(`sources.${operation.source}`)}</Cell>
      <Cell className={styles.action}>
        <UndoButton operation={operation} recordCount={operation.record_count} title={operation.record_count === 1 && name !== '' ? name : undefined} alwaysAsks />
      </Cell>
    </tr>
  );
}
