import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordFiguresQuery, type RecordFigure } from '@/api/figures';
import type { ObjectType } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { bothFilters } from '@/util/filter-text';
import { paths } from '../paths';
import { average, bounds, COUNTERS, counterFilter, figureRows, isUpsideDown, PERIODS, readPeriod, writePeriod, type Counted, type Counter, type FigureRow, type PeriodName } from './figures';
import styles from './figures.module.css';

export interface FiguresDialogProps {
  type: ObjectType;
  counted: Counted;
  /** The conditions of the list, without those of its section. */
  filter: string | undefined;
  /** The period as it stands in the address. */
  period: string;
  onPeriod: (period: string) => void;
  onClose: () => void;
}

/** How many each person has made, plans, works on, has won and lost in a period, and what that comes to; a number opens its list. */
export function FiguresDialog({ type, counted, filter, period: written, onPeriod, onClose }: FiguresDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const isNarrow = useNarrow();
  const period = readPeriod(written);
  const name: PeriodName = typeof period === 'string' ? period : 'own';
  const isWrong = isUpsideDown(period);
  const [today] = useState(() => new Date().toLocaleDateString('sv'));
  const filters = COUNTERS.map((counter) => bothFilters(filter, counterFilter(counter, counted, period, today)));
  const found = useQueries({ queries: filters.map((asked) => ({ ...recordFiguresQuery(type.name, { by: counted.by.name, sum: counted.sum.name, filter: asked }), enabled: !isWrong })) });
  const failed = found.find(({ isError }) => isError);
  const isPending = found.some((query) => query.isPending);
  const isTooMuch = found.some(({ data }) => data?.groups === null);
  const rows = figureRows(Object.fromEntries(COUNTERS.map((counter, at) => [counter, found[at]?.data?.groups ?? []])));
  const unrated = [...new Set(rows.flatMap(({ of }) => Object.values(of)).flatMap(({ total }) => total.missing.map(({ currency }) => currency)))];
  const everything = type.sections.find((section) => section.filter === 'all')?.key;

  const periods = PERIODS.map((key) => ({ value: key, label: t(`figures.periods.${key}`) }));

  /** Days of one's own begin with those of the period that was shown. */
  function choose(key: PeriodName): void {
    onPeriod(writePeriod(key === 'own' ? bounds(period, today) : key));
  }

  function listOf(counter: Counter, row: FigureRow) {
    const whose = row.id === null ? `${counted.by.name} is empty` : `${counted.by.name} = ${row.id}`;
    return paths.list(type.name, { section: everything, filter: bothFilters(filters[COUNTERS.indexOf(counter)], whose) });
  }

  return (
    <Dialog title={t('figures.title', { types: format.label(type.labels_plural) })} size="large" onClose={onClose}>
      {isNarrow ? <Select aria-label={t('figures.period')} value={name} options={periods} onChange={(key) => choose(key as PeriodName)} /> : <SegmentedChoice label={t('figures.period')} value={name} options={periods} onChange={choose} />}
      {typeof period !== 'string' && (
        <div className={styles.days}>
          <label htmlFor="figures-from">{t('figures.from')}</label>
          <DateInput id="figures-from" value={period.from ?? null} onChange={(from) => onPeriod(writePeriod({ ...period, from: from ?? undefined }))} isInvalid={isWrong} />
          <label htmlFor="figures-to">{t('figures.to')}</label>
          <DateInput id="figures-to" value={period.to ?? null} onChange={(to) => onPeriod(writePeriod({ ...period, to: to ?? undefined }))} isInvalid={isWrong} />
        </div>
      )}
      {isWrong ? (
        <p className={styles.note} role="alert">
          {t('figures.upside_down')}
        </p>
      ) : failed !== undefined ? (
        <ErrorState message={errorText(failed.error)} onRetry={() => void failed.refetch()} />
      ) : isPending ? (
        <Skeleton lines={5} label={t('loading')} />
      ) : isTooMuch ? (
        <p className={styles.note}>{t('figures.too_much')}</p>
      ) : rows.length === 0 ? (
        <p className={styles.note}>{t('figures.nothing')}</p>
      ) : (
        <Table label={t('figures.title', { types: format.label(type.labels_plural) })} className={styles.table}>
          <thead>
            <tr>
              <HeadCell>{format.label(counted.by.labels)}</HeadCell>
              {COUNTERS.map((counter) => (
                <HeadCell key={counter} className={styles.right} title={t(`figures.hints.${counter}`)}>
                  {t(`figures.counters.${counter}`)}
                </HeadCell>
              ))}
              <HeadCell className={styles.right} title={t('figures.hints.average')}>
                {t('figures.counters.average')}
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <Cell>{row.title || t('figures.nobody')}</Cell>
                {COUNTERS.map((counter) => (
                  <Cell key={counter} isNumber>
                    <Figure figure={row.of[counter]} withChance={counter === 'open' || counter === 'planned'} link={listOf(counter, row)} />
                  </Cell>
                ))}
                <Cell isNumber>
                  <Average figure={row.of.won} />
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <p className={styles.note}>
        {t('figures.of_list')} {unrated.length > 0 && t('figures.unrated', { currencies: format.list(unrated) })}
      </p>
    </Dialog>
  );
}

function Figure({ figure, withChance, link }: { figure: RecordFigure | undefined; withChance: boolean; link: ReturnType<typeof paths.list> }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  if (figure === undefined) return <span className={styles.none}>0</span>;
  const total = figure.total.converted;
  return (
    <>
      <Link {...link} className={styles.count}>
        {format.number(figure.count)}
      </Link>
      {total?.amount != null && <span className={styles.sum}>{format.money(total.amount, total.currency)}</span>}
      {withChance && total?.weighted != null && <span className={styles.sum}>{t('money.weighted', { sum: format.money(total.weighted, total.currency) })}</span>}
    </>
  );
}

function Average({ figure }: { figure: RecordFigure | undefined }) {
  const format = useFormat();
  const amount = average(figure);
  const currency = figure?.total.converted?.currency;
  return amount === null || currency === undefined ? <span className={styles.none}>—</span> : format.money(amount, currency);
}
