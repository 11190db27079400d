import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import type { Field, RecordItem } from '@/api/types';
import { asReference, isEmptyValue } from '@/fields/values';
import { Checkbox } from '@/ui/Checkbox';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './CreateForm.module.css';

export interface Naming {
  /** The tick that decides; null where the form has nothing to be named by. */
  choice: ReactNode;
  /** Lets the open record name the new one; the operation, null if that was not asked for, false if it failed and was told. */
  name: (made: RecordItem) => Promise<number | null | false>;
}

/** The record whose card was open may name the new one in a field of its own: a person the company he works for. */
export function useNaming(by: { field: Field; record: RecordItem } | undefined): Naming {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const current = by === undefined ? null : asReference(by.record.values[by.field.name]);
  const [isWanted, setIsWanted] = useState(by !== undefined && isEmptyValue(by.record.values[by.field.name]));
  // Only the first of several that are made one after another.
  const [isDone, setIsDone] = useState(false);
  const { mutateAsync: change } = useChangeRecord(by?.record.type ?? '');
  if (by === undefined || isDone) return { choice: null, name: () => Promise.resolve(null) };
  const { field, record } = by;
  const words = { field: format.label(field.labels), name: record.title, current: current?.title ?? '' };

  return {
    choice: (
      <Checkbox className={styles.naming} isChecked={isWanted} onChange={setIsWanted} label={t(current === null ? 'form.name_it' : 'form.name_it_instead', words)} />
    ),
    name: async (made) => {
      if (!isWanted) return null;
      setIsDone(true);
      try {
        const { operation_id: operation } = await change({ id: record.id, version: record.version, values: { [field.name]: made.id }, shown: { [field.name]: { id: made.id, title: made.title, type: made.type } } });
        return operation;
      } catch (error) {
        showToast(t('form.not_named', { title: made.title, name: record.title, reason: errorText(error) }), { tone: 'error' });
        return false;
      }
    },
  };
}
