import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordAsOfQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { isEmptyValue } from '@/fields/values';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { isSameValue } from '../editing/same-value';
import styles from './AsOfDialog.module.css';

export interface AsOfDialogProps {
  type: ObjectType;
  /** As it is now. */
  record: RecordItem;
  /** The instant, as the server writes it. */
  at: string;
  /** The moment is that of a change of this card, or any. */
  intro?: 'change' | 'moment';
  onClose: () => void;
}

/** The card as it was at an instant; what has changed since stands out. Nothing in it can be edited. */
export function AsOfDialog({ type, record, at, intro = 'change', onClose }: AsOfDialogProps) {
  const { t } = useTranslation('records');
  const { t: ui } = useTranslation('ui');
  const format = useFormat();
  const errorText = useErrorText();
  const then = useQuery(recordAsOfQuery(type.name, record.id, at));
  const fields = type.fields.filter(
    (field) => field.group !== 'system' && (!isEmptyValue(then.data?.values[field.name]) || !isEmptyValue(record.values[field.name])),
  );
  return (
    <Dialog title={t('as_of.title', { instant: format.instant(at) })} size="large" onClose={onClose} footer={<Button onClick={onClose}>{ui('close')}</Button>}>
      {then.isPending && <Skeleton lines={8} label={t('loading')} />}
      {then.isError && <ErrorState message={errorText(then.error)} onRetry={() => void then.refetch()} />}
      {then.isSuccess && (
        <>
          <p className={styles.intro}>{then.data.deleted_at === null ? t(intro === 'change' ? 'as_of.intro' : 'as_of.intro_moment') : t('as_of.deleted')}</p>
          <dl className={styles.fields}>
            {fields.map((field) => {
              const { Display } = fieldKind(field.kind);
              const isOther = !isSameValue(then.data.values[field.name], record.values[field.name]);
              return (
                <div key={field.name} className={classNames(styles.row, isOther && styles.other)}>
                  <dt>{format.label(field.labels)}</dt>
                  <dd>
                    <Display field={field} value={then.data.values[field.name]} />
                    {isOther && <span className={styles.mark}>{t('as_of.changed')}</span>}
                  </dd>
                </div>
              );
            })}
          </dl>
        </>
      )}
    </Dialog>
  );
}
