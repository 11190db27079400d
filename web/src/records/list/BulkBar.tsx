import { IconArrowsJoin2, IconCheckbox, IconFileExport, IconMapSearch, IconPencil, IconTrash, IconUsersPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { keepClear } from '@/ui/keep-clear';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import styles from './BulkBar.module.css';
import { useBulkActions, type BulkTarget } from './use-bulk-actions';

/** What can be done with the ticked rows; it rises only when there are some. */
export function BulkBar(target: BulkTarget) {
  const { t } = useTranslation(['records', 'sharing']);
  const { selection } = target;
  const format = useFormat();
  const { number, numberText, allText, mergeReason, merge, changeReason, deleteReason, askChange, askDelete, askShare, shareReason, askExport, exportReason, askPlaces, forEach, dialog } = useBulkActions(target);
  useShortcuts({ Delete: askDelete });

  if (number === 0) return null;
  return (
    <div ref={keepClear} className={styles.bar} role="toolbar" aria-label={t('records:bulk.title')}>
      <span className={styles.number}>{t('records:bulk.selected', { number: numberText })}</span>
      {allText !== null && (
        <Button look="link" onClick={selection.selectAllMatching}>
          {t('records:bulk.select_all', { number: allText })}
        </Button>
      )}
      <div className={styles.actions}>
        <Button size="small" icon={<IconPencil size={16} />} disabledReason={changeReason} onClick={askChange}>
          {t('records:bulk.change')}
        </Button>
        {number > 1 && (
          <Button size="small" icon={<IconArrowsJoin2 size={16} />} disabledReason={mergeReason} onClick={merge}>
            {t('records:bulk.merge')}
          </Button>
        )}
        {forEach.map((one) => (
          <Button key={one.key} size="small" icon={<IconCheckbox size={16} />} onClick={one.ask}>
            {t('records:for_each.button', { kind: format.label(one.labels) })}
          </Button>
        ))}
        {askShare !== null && (
          <Button size="small" icon={<IconUsersPlus size={16} />} disabledReason={shareReason} onClick={askShare}>
            {t('sharing:bulk.button')}
          </Button>
        )}
        {askExport !== null && (
          <Button size="small" icon={<IconFileExport size={16} />} disabledReason={exportReason} onClick={askExport}>
            {t('records:bulk.export')}
          </Button>
        )}
        {askPlaces !== null && (
          <Button size="small" icon={<IconMapSearch size={16} />} onClick={askPlaces}>
            {t('records:places.button')}
          </Button>
        )}
        <Button size="small" icon={<IconTrash size={16} />} disabledReason={deleteReason} onClick={askDelete}>
          {t('records:bulk.delete')}
        </Button>
      </div>
      <IconButton size="small" className={styles.clear} label={t('records:bulk.clear')} icon={<IconX size={16} />} onClick={selection.clear} />
      {dialog}
    </div>
  );
}
