import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { CURRENCY_TYPE } from '@/api/rates';
import { useChangeRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { currencyName } from '@/util/format';
import styles from './Money.module.css';

/** Currencies that are not offered any more; amounts in them stay. */
export function Unused({ currencies }: { currencies: readonly RecordItem[] }) {
  const { t } = useTranslation('money');
  const { language } = useFormat();
  const errorText = useErrorText();
  const change = useChangeRecord(CURRENCY_TYPE);
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('unused')}</h2>
      <p className={styles.hint}>{t('unused_hint')}</p>
      {change.isError && <Banner tone="error">{errorText(change.error)}</Banner>}
      <ul className={styles.unused}>
        {currencies.map(({ id, version, title }) => (
          <li key={id} className={styles.line}>
            <span>{currencyName(title, language)}</span>
            <Button
              size="small"
              aria-label={t('switch_on_named', { code: title })}
              onClick={() => change.mutate({ id, version, values: { is_active: true } }, { onSuccess: () => showToast(t('switched_on', { code: title })) })}
            >
              {t('switch_on')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
