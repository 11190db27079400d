import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { keys } from '@/api/keys';
import { useOrderDeal } from '@/api/orders';
import { forgetRecords, recordListQuery, recordPageQuery } from '@/api/records';
import type { RelatedProps } from '@/records/card/related-blocks';
import { usePartType } from '@/records/part-type';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { AddLine } from './AddLine';
import { DEAL_TYPE, LINE_TYPE, ORDER_TYPE, TAX_TYPE } from './line-type';
import { LineRow } from './LineRow';
import { lineTotals, type LineTotals } from './line-totals';
import styles from './Lines.module.css';

const COLUMNS = ['name', 'quantity', 'unit', 'price', 'discount', 'tax', 'total'] as const;
const NUMBERS: readonly string[] = ['quantity', 'price', 'discount', 'total'];

/** The lines of a deal or an order: a table that is changed in its place, with what it comes to. */
export function Lines({ type, record }: RelatedProps) {
  const part = usePartType(LINE_TYPE, type);
  return part === undefined || !part.type.permissions.see ? null : <LinesOf key={record.id} type={type} record={record} field={part.field} canCreate={part.type.permissions.create} />;
}

function LinesOf({ type, record, field, canCreate }: RelatedProps & { field: string; canCreate: boolean }) {
  const { t } = useTranslation('deals');
  const client = useQueryClient();
  const list = useInfiniteQuery(recordListQuery(LINE_TYPE, { filter: `${field} = ${record.id}`, sort: 'id' }));
  const taxes = useQuery({ ...recordPageQuery(TAX_TYPE, { filter: 'is_active = true', sort: 'name' }, 100), enabled: useObjectType(TAX_TYPE)?.permissions.see === true });
  const lines = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isReadOnly = !record.can_edit || record.deleted_at !== null;
  if (list.isPending || (isReadOnly && lines.length === 0)) return null;

  function forget(): void {
    void client.invalidateQueries({ queryKey: keys.lists(LINE_TYPE) });
    // The budget follows in the same operation, of which no event tells its author.
    forgetRecords(client, type.name);
  }

  const totals = lineTotals(lines);
  return (
    <section className={styles.lines} aria-label={t('lines')}>
      <header className={styles.head}>
        <h2 className={styles.title}>{t('lines')}</h2>
        {type.name === DEAL_TYPE && <MakeOrder dealId={record.id} hasClient={record.values.contact != null} />}
      </header>
      {lines.length > 0 && (
        <table className={styles.table} aria-label={t('lines')}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={NUMBERS.includes(column) ? styles.number : undefined}>
                  {t(`columns.${column}`)}
                </th>
              ))}
              <th scope="col">
                <VisuallyHidden>{t('actions')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <LineRow key={line.id} line={line} whole={record} taxes={taxes.data?.items ?? []} isReadOnly={isReadOnly} onWritten={forget} />
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <Button look="link" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more_lines')}
        </Button>
      )}
      {!isReadOnly && canCreate && <AddLine whole={{ field, id: record.id }} onWritten={forget} />}
      {totals !== null && !list.hasNextPage && <Totals totals={totals} />}
    </section>
  );
}

function Totals({ totals: { currency, amount, taxes, total } }: { totals: LineTotals }) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  return (
    <dl className={styles.totals}>
      {taxes.length > 0 && (
        <>
          <dt>{t('amount')}</dt>
          <dd>{format.money(amount, currency)}</dd>
          {taxes.map((tax) => (
            <div key={tax.key} className={styles.ofTax}>
              <dt>{t(tax.isIncluded ? 'tax_included' : 'tax_on_top', { name: tax.name, percent: format.number(tax.percent) })}</dt>
              <dd>{format.money(tax.amount, currency)}</dd>
            </div>
          ))}
        </>
      )}
      <dt className={styles.whole}>{t('total')}</dt>
      <dd className={styles.whole}>{format.money(total, currency)}</dd>
    </dl>
  );
}

/** An order with copies of the lines, in one press. */
function MakeOrder({ dealId, hasClient }: { dealId: number; hasClient: boolean }) {
  const { t } = useTranslation('deals');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const orders = useObjectType(ORDER_TYPE);
  const make = useOrderDeal();
  if (orders?.permissions.create !== true) return null;
  return (
    <Button
      size="small"
      isBusy={make.isPending}
      disabledReason={hasClient ? null : t('order_needs_client')}
      onClick={() =>
        make.mutate(dealId, {
          onSuccess: ({ record }) => {
            showToast(t('order_made', { title: record.title }));
            void navigate(paths.card(ORDER_TYPE, record.id, {}));
          },
          onError: (error) => showToast(errorText(error), { tone: 'error' }),
        })
      }
    >
      {t('make_order')}
    </Button>
  );
}
