import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { openCountQuery } from '@/api/counts';
import type { BulkInput } from '@/api/records';
import { ConfirmDialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';

export interface BulkDeleteDialogProps {
  type: string;
  /** How many are ticked. */
  number: number;
  numberText: string;
  target: Pick<BulkInput, 'ids' | 'filter'>;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before many records are deleted, and says how many of them one may delete. */
export function BulkDeleteDialog({ type, number, numberText, target, isBusy, onConfirm, onClose }: BulkDeleteDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const filter = target.filter ?? `id in (${(target.ids ?? []).join(', ')})`;
  const open = useQuery(openCountQuery(type, filter, 'delete')).data;
  // Beyond the cap of a count nobody knows; the job tells afterwards what it left.
  const isKnown = open !== undefined && open.count !== null && !open.is_capped;
  const may = isKnown ? Math.min(open.count ?? 0, number) : number;
  const mayText = may === number ? numberText : format.number(may);
  return (
    <ConfirmDialog
      title={t('bulk.delete_title', { count: number, number: numberText })}
      confirmLabel={t('bulk.delete_confirm', may === 0 ? { count: number, number: numberText } : { count: may, number: mayText })}
      isDangerous
      isBusy={isBusy}
      disabledReason={may === 0 && t('bulk.delete_none')}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {may < number && <p>{may === 0 ? t('bulk.delete_none') : t('bulk.delete_some', { count: may, number: mayText })}</p>}
      {may > 0 && <p>{t('bulk.delete_text')}</p>}
    </ConfirmDialog>
  );
}
