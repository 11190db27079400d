import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordCountQuery, recordPickQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { useDebounced } from '@/ui/use-debounced';
import { useFormat } from '@/ui/use-format';
import styles from './Groups.module.css';

const NAMES_SHOWN = 5;

/** Who fits a rule right now, before it is saved: how many, and the first few by name. */
export function Rehearsal({ type, rule }: { type: ObjectType; rule: string }) {
  const { t } = useTranslation('groups');
  const format = useFormat();
  const errorText = useErrorText();
  const filter = useDebounced(rule.trim(), 250);
  const isAsked = filter !== '';
  const count = useQuery({ ...recordCountQuery(type.name, { filter }), enabled: isAsked, placeholderData: keepPreviousData, retry: false });
  const first = useQuery({ ...recordPickQuery(type.name, '', filter, { limit: NAMES_SHOWN }), enabled: isAsked, placeholderData: keepPreviousData, retry: false });

  function text(): string {
    if (!isAsked) return t('rehearsal.empty');
    if (count.isError) return isApiError(count.error) && count.error.code === 'filter_invalid' ? t('rehearsal.invalid') : errorText(count.error);
    if (count.data === undefined) return t('rehearsal.counting');
    // Null where counting would take too long.
    const number = count.data.count as number | null;
    if (number === null) return t('rehearsal.uncounted');
    if (number === 0) return t('rehearsal.nobody');
    return t('rehearsal.fits', { count: number, number: format.number(number) + (count.data.is_capped ? '+' : '') });
  }

  const names = isAsked && !count.isError ? (first.data?.items ?? []).map((record) => record.title) : [];
  return (
    <div className={styles.rehearsal} data-error={(isAsked && count.isError) || undefined}>
      <p role="status" className={styles.fits}>
        {text()}
      </p>
      {names.length > 0 && (
        <p className={styles.names}>
          {names.join(', ')}
          {(count.data?.is_capped === true || (count.data?.count ?? 0) > names.length) && '…'}
        </p>
      )}
    </div>
  );
}
