import { IconArrowsJoin2, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useBulkChange, type BulkInput } from '@/api/records';
import type { ObjectType, RecordCount, RecordItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import { MOST_MERGED } from '../merge/most-merged';
import { paths } from '../paths';
import styles from './BulkBar.module.css';
import type { ListState } from './use-list-state';
import type { Selection } from './use-selection';

const BulkEditDialog = lazyPart(() => import('./BulkEditDialog'), 'BulkEditDialog');

export interface BulkBarProps {
  type: ObjectType;
  state: ListState;
  selection: Selection;
  count: RecordCount | undefined;
  records: readonly RecordItem[];
}

/** What can be done with the ticked rows; it rises only when there are some. */
export function BulkBar({ type, state, selection, count, records }: BulkBarProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const [dialog, setDialog] = useState<'delete' | 'edit' | null>(null);
  const navigate = useNavigate();
  const bulk = useBulkChange(type.name);
  const { query } = state;
  const number = selection.isAllMatching ? (count?.count ?? 0) : selection.ids.size;
  const numberText = format.number(number) + (selection.isAllMatching && count?.is_capped === true ? '+' : '');
  // A mass change takes a filter or ids, but no search text: with a search only what is loaded can be ticked.
  const canSelectAll = query.search === undefined && count !== undefined && (count.is_capped || count.count > selection.ids.size);

  useShortcuts({
    Delete: () => {
      if (number > 0) setDialog('delete');
    },
  });

  if (number === 0) return null;
  const target: Pick<BulkInput, 'ids' | 'filter'> = selection.isAllMatching ? { filter: query.filter ?? 'all' } : { ids: [...selection.ids] };

  function run(change: Pick<BulkInput, 'action' | 'values' | 'add' | 'remove'>): void {
    bulk.mutate(
      { ...change, ...target },
      {
        onSuccess: () => {
          setDialog(null);
          selection.clear();
          showToast(t(change.action === 'delete' ? 'bulk.delete_started' : 'bulk.change_started', { number: numberText }));
        },
        onError: (error) => {
          setDialog(null);
          showToast(errorText(error), { tone: 'error' });
        },
      },
    );
  }

  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bulk.title')}>
      <span className={styles.number}>{t('bulk.selected', { number: numberText })}</span>
      {canSelectAll && !selection.isAllMatching && selection.ids.size >= Math.min(records.length, 2) && (
        <Button look="link" onClick={selection.selectAllMatching}>
          {t('bulk.select_all', { number: format.number(count.count) + (count.is_capped ? '+' : '') })}
        </Button>
      )}
      <Button size="small" icon={<IconPencil size={16} />} onClick={() => setDialog('edit')}>
        {t('bulk.change')}
      </Button>
      {number > 1 && (
        <Button
          size="small"
          icon={<IconArrowsJoin2 size={16} />}
          disabledReason={(selection.isAllMatching || number > MOST_MERGED) && t('bulk.merge_limit', { max: MOST_MERGED })}
          onClick={() => void navigate(paths.merge(type.name, [...selection.ids]))}
        >
          {t('bulk.merge')}
        </Button>
      )}
      <Button size="small" icon={<IconTrash size={16} />} onClick={() => setDialog('delete')}>
        {t('bulk.delete')}
      </Button>
      <IconButton size="small" label={t('bulk.clear')} icon={<IconX size={16} />} onClick={selection.clear} />
      {dialog === 'delete' && (
        <ConfirmDialog
          title={t('bulk.delete_title', { count: number, number: numberText })}
          confirmLabel={t('bulk.delete_confirm', { count: number, number: numberText })}
          isDangerous
          isBusy={bulk.isPending}
          onConfirm={() => run({ action: 'delete' })}
          onClose={() => setDialog(null)}
        >
          {t('bulk.delete_text')}
        </ConfirmDialog>
      )}
      {dialog === 'edit' && (
        <BulkEditDialog
          type={type}
          number={numberText}
          isBusy={bulk.isPending}
          onClose={() => setDialog(null)}
          onApply={(change) => run({ action: 'update', ...change })}
        />
      )}
    </div>
  );
}
