import { useTranslation } from 'react-i18next';
import { fieldKind } from '@/fields/registry';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import styles from './ConflictDialog.module.css';
import type { SaveField } from './use-save-field';

/** Two people changed one field: both values side by side, one decision. */
export function ConflictDialog({ save, onResolved }: { save: SaveField; onResolved?: (fieldName: string) => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { conflict } = save;
  if (conflict === null) return null;
  const { Display } = fieldKind(conflict.field.kind);
  return (
    <Dialog
      title={t('conflict.title', { field: format.label(conflict.field.labels) })}
      onClose={save.dismissConflict}
      footer={
        <>
          <Button
            onClick={() => {
              save.takeTheirs();
              onResolved?.(conflict.field.name);
            }}
          >
            {t('conflict.take_theirs')}
          </Button>
          <Button
            look="primary"
            data-autofocus=""
            onClick={() => {
              const { field, mine, version } = conflict;
              save.dismissConflict();
              void save.save(field, mine, version).then((isSaved) => {
                if (isSaved) onResolved?.(field.name);
              });
            }}
          >
            {t('conflict.keep_mine')}
          </Button>
        </>
      }
    >
      <p className={styles.text}>
        {conflict.by === ''
          ? t('conflict.text')
          : t('conflict.text_by', { by: conflict.by, at: conflict.at === null ? '' : format.recent(conflict.at) })}
      </p>
      <dl className={styles.values}>
        <dt>{t('conflict.mine')}</dt>
        <dd>
          <Display field={conflict.field} value={conflict.mine} />
        </dd>
        <dt>{t('conflict.theirs')}</dt>
        <dd>
          <Display field={conflict.field} value={conflict.theirs} />
        </dd>
      </dl>
    </Dialog>
  );
}
