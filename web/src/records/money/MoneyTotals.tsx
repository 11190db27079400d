import { IconAlertTriangle, IconChevronUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { RATE_TYPE } from '@/api/rates';
import { recordSumsQuery, type MissingRates, type RecordSum } from '@/api/sums';
import type { ObjectType, RecordQuery } from '@/api/types';
import { Button } from '@/ui/Button';
import { lazyPart } from '@/ui/lazy-part';
import { Popover } from '@/ui/Popover';
import { useFormat } from '@/ui/use-format';
import { countedOf } from './figures';
import styles from './money.module.css';
import { RateDialog } from './RateDialog';

const FiguresDialog = lazyPart(() => import('./FiguresDialog'), 'FiguresDialog');

export interface MoneyTotalsProps {
  type: ObjectType;
  query: RecordQuery;
  /** The money fields that the list shows. */
  fields: readonly string[];
  /** The conditions of the list, without those of its section. */
  filter?: string;
  /** The period of the counters as it stands in the address; undefined while they are closed. */
  period: string | undefined;
  onPeriod: (period: string | undefined) => void;
}

/** The sums of the columns with money: in the currency of the company, each currency by itself, and what has no rate. */
export function MoneyTotals({ type, query, fields, filter, period, onPeriod }: MoneyTotalsProps) {
  const sums = useQuery({ ...recordSumsQuery(type.name, query, fields), placeholderData: (previous) => previous });
  const counted = countedOf(type);
  const { t, i18n } = useTranslation('records');
  // These texts come behind the first page.
  const hasTexts = i18n.exists('records:figures.open');
  return (
    <>
      {sums.data?.sums.map((sum) => <FieldTotal key={sum.field} type={type} sum={sum} />)}
      {counted !== null && hasTexts && (
        <Button look="link" onClick={() => onPeriod('month')}>
          {t('figures.open')}
        </Button>
      )}
      {counted !== null && hasTexts && period !== undefined && (
        <FiguresDialog type={type} counted={counted} filter={filter} period={period} onPeriod={onPeriod} onClose={() => onPeriod(undefined)} />
      )}
    </>
  );
}

/** What the amounts come to by their chance. */
function Weighted({ sum }: { sum: RecordSum }) {
  const { t, i18n } = useTranslation('records');
  const format = useFormat();
  const total = sum.converted;
  if (sum.weighted_by === null || total?.weighted == null || !i18n.exists('records:money.weighted')) return null;
  return (
    <span className={styles.hint} title={t('money.weighted_hint')}>
      {t('money.weighted', { sum: format.money(total.weighted, total.currency) })}
    </span>
  );
}

function FieldTotal({ type, sum }: { type: ObjectType; sum: RecordSum }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const labels = type.fields.find((field) => field.name === sum.field)?.labels;
  const name = labels === undefined ? sum.field : format.label(labels);
  if (sum.sums === null) return <span className={styles.hint}>{t('money.not_added', { name })}</span>;
  const [first] = sum.sums;
  if (first === undefined) return null;
  const money = (amount: number | null, currency: string): string => (amount === null ? t('money.too_large', { currency }) : format.money(amount, currency));
  const isPlain = sum.sums.length === 1 && first.currency === sum.converted?.currency;
  if (isPlain) {
    return (
      <span>
        {name}: <strong className={styles.sum}>{money(first.amount, first.currency)}</strong> <Weighted sum={sum} />
      </span>
    );
  }
  const unrated = new Set(sum.missing.map(({ currency }) => currency));
  const dated = type.fields.find((field) => field.name === sum.dated_by);
  const total = sum.converted === null ? sum.sums.map((one) => money(one.amount, one.currency)).slice(0, 2).join(' + ') : money(sum.converted.amount, sum.converted.currency);
  return (
    <>
      <span>
        {name}:{' '}
        <Popover
          label={t('money.by_currency', { name })}
          placement="top-start"
          className={styles.sheet}
          trigger={
            <button type="button" className={styles.open} title={t('money.by_currency', { name })}>
              <strong className={styles.sum}>{total}</strong>
              <IconChevronUp size={14} aria-hidden="true" />
            </button>
          }
        >
          {() => (
            <>
              <table className={styles.lines}>
                <thead>
                  <tr>
                    <th scope="col">{t('money.currency')}</th>
                    <th scope="col">{t('money.count')}</th>
                    <th scope="col">{t('money.sum')}</th>
                  </tr>
                </thead>
                <tbody>
                  {sum.sums?.map((one) => (
                    <tr key={one.currency}>
                      <th scope="row">
                        {one.currency}
                        {unrated.has(one.currency) && <span className={styles.unrated}>{t('money.no_rate')}</span>}
                      </th>
                      <td>{format.number(one.count)}</td>
                      <td>{money(one.amount, one.currency)}</td>
                    </tr>
                  ))}
                </tbody>
                {sum.converted !== null && (
                  <tfoot>
                    <tr>
                      <th scope="row">{t('money.all', { currency: sum.converted.currency })}</th>
                      <td>{format.number(sum.converted.count)}</td>
                      <td>{money(sum.converted.amount, sum.converted.currency)}</td>
                    </tr>
                  </tfoot>
                )}
              </table>
              <p className={styles.note}>
                {dated === undefined ? t('money.by_today') : t('money.by_day', { field: format.label(dated.labels) })}
                {sum.converted?.oldest_rate != null && ` ${t('money.oldest', { date: format.date(sum.converted.oldest_rate) })}`}
              </p>
            </>
          )}
        </Popover>{' '}
        <Weighted sum={sum} />
      </span>
      {sum.missing.length > 0 && <Missing missing={sum.missing} />}
    </>
  );
}

/** What is in no total, and the way to mend it. */
function Missing({ missing }: { missing: readonly MissingRates[] }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const mayEnter = useObjectType(RATE_TYPE)?.permissions.create === true;
  const [asked, setAsked] = useState<MissingRates | null>(null);
  const [first] = missing;
  if (first === undefined) return null;
  const others = missing.slice(1).map(({ currency }) => currency);
  return (
    <span className={styles.missing}>
      <IconAlertTriangle size={14} aria-hidden="true" />
      <span>
        {t('money.missing', { count: first.count, number: format.number(first.count), currency: first.currency, date: format.date(first.date) })}
        {others.length > 0 && ` ${t('money.missing_others', { currencies: format.list(others) })}`}
      </span>
      {mayEnter && first.currency_id !== null && (
        <Button look="link" onClick={() => setAsked(first)}>
          {t('money.enter')}
        </Button>
      )}
      {asked?.currency_id != null && (
        <RateDialog currency={{ id: asked.currency_id, code: asked.currency }} date={asked.date} onClose={() => setAsked(null)} />
      )}
    </span>
  );
}
