import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { Checkbox } from '@/ui/Checkbox';
import { DoneTick } from '../done/DoneTick';
import { RecordValue } from '../done/RecordValue';
import { cellValue } from './cell-value';
import type { Column } from './columns';
import type { ListSearch } from './list-search';
import styles from './RecordTable.module.css';
import { TitleLink } from './TitleLink';

/** Values behind the title that a phone has room for. */
const SHOWN = 2;

export interface NarrowRowProps {
  type: ObjectType;
  record: RecordItem;
  columns: readonly Column[];
  isSelected: boolean;
  listSearch: ListSearch;
  onToggle: () => void;
}

/** A record on a phone: the title, below it the first values of the chosen columns. */
export function NarrowRow({ type, record, columns, isSelected, listSearch, onToggle }: NarrowRowProps) {
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
        <span className={styles.narrowTick}>
          <DoneTick type={type} record={record} />
        </span>
        <TitleLink type={type} record={record} listSearch={listSearch} className={styles.narrowLink} textClassName={styles.narrowTitle} />
        {shown.length > 0 && (
          <span className={styles.narrowValues}>
            {shown.map(({ field }) => (
              <span key={field.name} className={styles.narrowValue}>
                <RecordValue type={type} field={field} record={record} isCompact />
              </span>
            ))}
          </span>
        )}
      </div>
    </>
  );
}
