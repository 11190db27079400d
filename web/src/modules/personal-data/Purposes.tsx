import { IconPencil, IconPlus, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordListQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './PersonalData.module.css';
import { PurposeDialog } from './PurposeDialog';

/** What consents are asked for, with the words of each. */
export function Purposes() {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const list = useInfiniteQuery(recordListQuery('processing_purpose', { sort: 'name' }));
  const [dialog, setDialog] = useState<{ purpose: RecordItem | null } | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const add = (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ purpose: null })}>
      {t('purposes.new')}
    </Button>
  );
  return (
    <div className={styles.lists}>
      {list.isPending && <Skeleton lines={4} label={t('loading')} />}
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState icon={<IconShieldCheck size={20} />} title={t('purposes.none')} actions={add}>
          {t('purposes.none_text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <p className={styles.hint}>{t('purposes.text')}</p>
          <Table label={t('parts.purposes')}>
            <thead>
              <tr>
                <HeadCell>{t('purposes.name')}</HeadCell>
                <HeadCell>{t('purposes.version')}</HeadCell>
                <HeadCell>{t('purposes.months')}</HeadCell>
                <HeadCell>{t('purposes.state')}</HeadCell>
                <HeadCell>
                  <VisuallyHidden>{t('purposes.edit')}</VisuallyHidden>
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {items.map((purpose) => (
                <tr key={purpose.id}>
                  <Cell>{purpose.title}</Cell>
                  <Cell className={styles.muted}>{asText(purpose.values.text_version)}</Cell>
                  <Cell className={styles.muted}>{asText(purpose.values.months) || t('purposes.unlimited')}</Cell>
                  <Cell>
                    <Badge color={purpose.values.is_active === true ? 'green' : 'grey'}>
                      {t(purpose.values.is_active === true ? 'purposes.active' : 'purposes.inactive')}
                    </Badge>
                  </Cell>
                  <Cell className={styles.end}>
                    <IconButton
                      size="small"
                      label={t('purposes.edit_named', { name: purpose.title })}
                      icon={<IconPencil size={16} />}
                      onClick={() => setDialog({ purpose })}
                    />
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
          <div>{add}</div>
        </>
      )}
      {dialog !== null && <PurposeDialog purpose={dialog.purpose} onClose={() => setDialog(null)} />}
    </div>
  );
}
