import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { CURRENCY_TYPE, RATE_TYPE } from '@/api/rates';
import { recordListQuery } from '@/api/records';
import { useSession } from '@/api/session';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { currencySign } from '@/util/format';
import { CurrencyDialog } from './CurrencyDialog';
import styles from './Money.module.css';
import { RateHistory } from './RateHistory';
import { RatesForm } from './RatesForm';
import { Taxes } from './Taxes';
import { Unused } from './Unused';

/** The currencies of the company and what they cost, for whoever keeps the settings of the company. */
export function MoneyScreen() {
  const { t } = useTranslation('money');
  const mayKeep = useObjectType(RATE_TYPE)?.permissions.create === true;
  if (!mayKeep) return <EmptyState title={t('keepers_only')}>{t('keepers_only_text')}</EmptyState>;
  return <Money />;
}

function Money() {
  const { t } = useTranslation('money');
  const errorText = useErrorText();
  const { currency: own } = useSession().installation;
  const taxes = useObjectType('tax');
  const list = useInfiniteQuery(recordListQuery(CURRENCY_TYPE, { sort: 'id' }));
  const [isAdding, setIsAdding] = useState(false);
  const currencies = list.data?.pages.flatMap((page) => page.items) ?? [];
  const used = currencies.filter((currency) => currency.values.is_active === true && currency.title !== own);
  const unused = currencies.filter((currency) => currency.values.is_active !== true && currency.title !== own);
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro', { currency: own, sign: currencySign(own) })} aside={<Button onClick={() => setIsAdding(true)}>{t('add')}</Button>}>
      {list.isPending && <Skeleton lines={6} label={t('loading')} />}
      {list.isError && currencies.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && (
        <div className={styles.parts}>
          {used.length === 0 ? <p className={styles.hint}>{t('only_own', { currency: own })}</p> : <RatesForm currencies={used} own={own} />}
          {unused.length > 0 && <Unused currencies={unused} />}
          <RateHistory own={own} />
          <p className={styles.hint}>
            {t('import_hint')}{' '}
            <Link {...paths.list(RATE_TYPE)} className={styles.link}>
              {t('all_rates')}
            </Link>
          </p>
          {taxes !== undefined && <Taxes type={taxes} />}
        </div>
      )}
      {isAdding && <CurrencyDialog known={currencies} onClose={() => setIsAdding(false)} />}
    </Page>
  );
}
