import { IconEqualNot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FieldValue, MergeField, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { isEmptyValue } from '@/fields/values';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { standing, type MergeRow } from './merge-rows';
import styles from './MergeEditor.module.css';

export interface MergeRowViewProps {
  row: MergeRow;
  records: readonly RecordItem[];
  /** Records that are not merged. */
  left: ReadonlySet<number>;
  /** Begins the names of the radio groups. */
  group: string;
  choices: Readonly<Record<string, number>>;
  planned: readonly MergeField[];
  /** Undefined as long as it is not known, or refused. */
  result: FieldValue | undefined;
  /** Null lets all values stand together. */
  onChoose: (id: number | null) => void;
}

/** One field of all records, with a choice where they differ. */
export function MergeRowView({ row, records, left, group, choices, planned, result, onChoose }: MergeRowViewProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { field, isMany, isOpen, isConflict, differs } = row;
  const { Display } = fieldKind(field.kind);
  const label = format.label(field.labels);
  const stands = standing(field.name, choices, planned);
  const name = `${group}-${field.name}`;
  return (
    <tr className={classNames(isConflict && styles.conflict)}>
      <th scope="row" className={styles.label} title={isConflict ? t('merge.differs') : undefined}>
        {isConflict && <IconEqualNot size={14} className={styles.unequal} aria-hidden="true" />}
        {label}
      </th>
      {records.map((record) => {
        const value = record.values[field.name] ?? null;
        const isEmpty = isEmptyValue(value);
        const isLeft = left.has(record.id);
        const isTaken = !isLeft && (stands === record.id || (isMany && stands === null && !isEmpty));
        return (
          <td
            key={record.id}
            data-record={record.title}
            className={classNames(styles.cell, isTaken && differs && styles.taken, isLeft && styles.left)}
            // The radio button is the control; a press anywhere on the value is a shortcut for the mouse.
            onClick={(event) => {
              if (differs && isOpen && !isLeft && (event.target as HTMLElement).closest('a, button, input') === null) onChoose(record.id);
            }}
          >
            <span className={styles.value}>
              {differs && isOpen && (
                <input
                  type="radio"
                  name={name}
                  checked={!isLeft && stands === record.id}
                  disabled={isLeft}
                  aria-label={t('merge.choice', { field: label, name: record.title })}
                  onChange={() => onChoose(record.id)}
                />
              )}
              <span className={styles.display}>
                {isEmpty ? <span className={styles.empty}>{t('merge.empty')}</span> : <Display field={field} value={value} />}
              </span>
            </span>
          </td>
        );
      })}
      <td data-record={t('merge.result')} className={classNames(styles.cell, styles.result, !isMany && styles.plainResult)}>
        {isMany && differs && isOpen && (
          <label className={styles.together}>
            <input
              type="radio"
              name={name}
              checked={choices[field.name] === undefined}
              aria-label={t('merge.together_named', { field: label })}
              onChange={() => onChoose(null)}
            />
            {t('merge.together')}
          </label>
        )}
        {result === undefined ? null : isEmptyValue(result) ? <span className={styles.empty}>{t('merge.empty')}</span> : <Display field={field} value={result} />}
      </td>
    </tr>
  );
}
