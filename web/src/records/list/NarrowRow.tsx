import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { isEmptyValue } from '@/fields/values';
import { Checkbox } from '@/ui/Checkbox';
import { cellValue } from './cell-value';
import type { Column } from './columns';
import type { ListSearch } from './list-search';
import styles from './RecordTable.module.css';
import { TitleLink } from './TitleLink';

/** Values behind the title that a phone has room for. */
const SHOWN = 2;

export interface NarrowRowProps {
  typeName: string;
  record: RecordItem;
  columns: readonly Column[];
  isSelected: boolean;
  listSearch: ListSearch;
  onToggle: () => void;
}

/** A record on a phone: the title, below it the first values of the chosen columns. */
export function NarrowRow({ typeName, record, columns, isSelected, listSearch, onToggle }: NarrowRowProps) {
  const { t } = useTranslation('records');
  const shown = columns
    .slice(1)
    .map(({ field }) => ({ field, value: cellValue(record, field.name) }))
    .filter(({ value }) => !isEmptyValue(value))
    // On a phone one calls: the number first, and whole.
    .sort((one, other) => Number(other.field.kind === 'channels') - Number(one.field.kind === 'channels'))
    .slice(0, SHOWN);
  return (
    <>
      <div role="gridcell" className={`${styles.cell} ${styles.tickCell}`}>
        <Checkbox aria-label={t('select_row', { name: record.title })} tabIndex={-1} isChecked={isSelected} onChange={onToggle} />
      </div>
      <div role="gridcell" aria-colindex={2} className={styles.cell}>
        <TitleLink typeName={typeName} record={record} listSearch={listSearch} className={styles.narrowLink} textClassName={styles.narrowTitle} />
        {shown.length > 0 && (
          <span className={styles.narrowValues}>
            {shown.map(({ field, value }) => {
              const { Display } = fieldKind(field.kind);
              return (
                <span key={field.name} className={styles.narrowValue}>
                  <Display field={field} value={value} isCompact />
                </span>
              );
            })}
          </span>
        )}
      </div>
    </>
  );
}
