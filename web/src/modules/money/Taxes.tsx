import { IconDots, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordListQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Money.module.css';
import { TaxDialog } from './TaxDialog';

/** The taxes that products may have. */
export function Taxes({ type }: { type: ObjectType }) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const errorText = useErrorText();
  const list = useInfiniteQuery(recordListQuery(type.name, { sort: 'name' }));
  const remove = useRemoveWithToast(type.name);
  const [dialog, setDialog] = useState<{ tax: RecordItem | null } | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2 className={styles.heading}>{t('taxes')}</h2>
        {type.permissions.create && (
          <Button size="small" icon={<IconPlus size={16} />} onClick={() => setDialog({ tax: null })}>
            {t('tax_add')}
          </Button>
        )}
      </div>
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <p className={styles.hint}>{t('no_taxes')}</p>}
      {items.length > 0 && (
        <Table label={t('taxes')} className={styles.list}>
          <thead>
            <tr>
              <HeadCell>{t('tax_name')}</HeadCell>
              <HeadCell className={styles.right}>{t('tax_percent')}</HeadCell>
              <HeadCell>{t('tax_state')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('actions')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {items.map((tax) => (
              <tr key={tax.id}>
                <Cell>{tax.title}</Cell>
                <Cell isNumber>{`${format.number(Number(tax.values.percent))} %`}</Cell>
                <Cell>
                  {tax.values.is_active !== true ? <Badge color="grey">{t('tax_off')}</Badge> : t(tax.values.is_included === true ? 'tax_included' : 'tax_on_top')}
                </Cell>
                <Cell className={styles.menu}>
                  <Menu
                    trigger={<IconButton size="small" label={t('tax_menu', { name: tax.title })} icon={<IconDots size={16} />} />}
                    items={[
                      { key: 'edit', label: t('edit'), onSelect: () => setDialog({ tax }) },
                      { key: 'delete', label: t('delete'), isDangerous: true, startsGroup: true, onSelect: () => void remove(tax.id, t('tax_deleted', { name: tax.title })) },
                    ]}
                  />
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {dialog !== null && <TaxDialog type={type} tax={dialog.tax} onClose={() => setDialog(null)} />}
    </section>
  );
}
