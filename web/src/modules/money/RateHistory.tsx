import { IconDots } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RATE_TYPE } from '@/api/rates';
import { recordPageQuery } from '@/api/records';
import { forgetSums } from '@/api/sums';
import type { RecordItem } from '@/api/types';
import { asReference, asText } from '@/fields/values';
import { RateDialog } from '@/records/money/RateDialog';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Money.module.css';

const SHOWN = 12;

/** The newest rates, to be looked at and mended. */
export function RateHistory({ own }: { own: string }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const client = useQueryClient();
  const remove = useRemoveWithToast(RATE_TYPE);
  const rates = useQuery(recordPageQuery(RATE_TYPE, { sort: '-date,-id' }, SHOWN));
  const [edited, setEdited] = useState<RecordItem | null>(null);
  const items = rates.data?.items ?? [];
  const currency = asReference(edited?.values.currency);
  if (items.length === 0) return null;
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('history')}</h2>
      <Table label={t('history')} className={styles.list}>
        <thead>
          <tr>
            <HeadCell>{t('date')}</HeadCell>
            <HeadCell>{t('currency')}</HeadCell>
            <HeadCell className={styles.right}>{t('rate')}</HeadCell>
            <HeadCell>
              <VisuallyHidden>{t('actions')}</VisuallyHidden>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {items.map((rate) => {
            const code = asReference(rate.values.currency)?.title ?? '';
            const [units, base] = [Number(rate.values.units ?? 1), asText(rate.values.base)];
            const date = format.date(asText(rate.values.date));
            return (
              <tr key={rate.id}>
                <Cell>{date}</Cell>
                <Cell>{units === 1 ? code : `${format.number(units)} ${code}`}</Cell>
                <Cell isNumber>{`${format.number(Number(rate.values.rate))} ${base}`}</Cell>
                <Cell className={styles.menu}>
                  <Menu
                    trigger={<IconButton size="small" label={t('rate_menu', { code, date })} icon={<IconDots size={16} />} />}
                    items={[
                      { key: 'edit', label: t('edit'), disabledReason: base === own ? null : t('former_base', { base }), onSelect: () => setEdited(rate) },
                      {
                        key: 'delete',
                        label: t('delete'),
                        isDangerous: true,
                        startsGroup: true,
                        onSelect: () => void remove(rate.id, t('deleted', { code, date })).then(() => forgetSums(client)),
                      },
                    ]}
                  />
                </Cell>
              </tr>
            );
          })}
        </tbody>
      </Table>
      {edited !== null && currency !== null && (
        <RateDialog
          currency={{ id: currency.id, code: currency.title }}
          date={asText(edited.values.date)}
          rate={Number(edited.values.rate)}
          units={Number(edited.values.units ?? 1)}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  );
}
