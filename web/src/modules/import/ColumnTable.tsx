import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import type { ImportChange, ImportColumn, ImportItem } from '@/api/types';
import { Button } from '@/ui/Button';
import { OptionPicker } from '@/ui/OptionPicker';
import type { SelectOption } from '@/ui/Select';
import { Cell, HeadCell, Table } from '@/ui/Table';
import styles from './ColumnTable.module.css';
import { contestedColumns, isEmptyColumn, targetOptions } from './target-options';
import { useTargetWords } from './use-target-words';

/** A file may have a thousand columns. */
const SHOWN_AT_ONCE = 50;

export interface ColumnTableProps {
  item: ImportItem;
  onChange: (change: ImportChange) => void;
}

/** Every column of the file with its first values and the field it goes to. */
export function ColumnTable({ item, onChange }: ColumnTableProps) {
  const { t } = useTranslation('import');
  const type = useObjectType(item.type);
  const words = useTargetWords();
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const options = targetOptions(item.targets, type, words);
  const contested = contestedColumns(item.columns, type);

  return (
    <div>
      <Table label={t('columns.title')} className={styles.frame}>
        <thead>
          <tr>
            <HeadCell>{t('columns.column')}</HeadCell>
            <HeadCell>{t('columns.target')}</HeadCell>
            <HeadCell className={styles.stateHead}>{t('columns.state')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {item.columns.slice(0, shown).map((column) => (
            <ColumnRow
              key={column.index}
              column={column}
              options={options}
              isContested={contested.has(column.index)}
              onAssign={(target) => onChange({ mapping: [{ index: column.index, target }] })}
            />
          ))}
        </tbody>
      </Table>
      {item.columns.length > shown && (
        <Button size="small" className={styles.more} onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
          {t('columns.more', { count: item.columns.length - shown })}
        </Button>
      )}
    </div>
  );
}

interface ColumnRowProps {
  column: ImportColumn;
  options: readonly SelectOption[];
  isContested: boolean;
  onAssign: (target: string | null) => void;
}

function ColumnRow({ column, options, isContested, onAssign }: ColumnRowProps) {
  const { t } = useTranslation('import');
  const name = column.header.trim() === '' ? t('columns.unnamed', { number: column.index + 1 }) : column.header;
  const samples = column.samples.filter((sample) => sample.trim() !== '').join(' · ');
  return (
    <tr>
      <Cell className={styles.column}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span className={styles.samples} title={samples}>
          {samples === '' ? t('columns.no_values') : samples}
        </span>
      </Cell>
      <Cell className={styles.target}>
        <OptionPicker
          aria-label={t('columns.target_of', { name })}
          value={column.target ?? ''}
          options={options}
          emptyLabel={t('columns.skip')}
          onChange={(target) => onAssign(target === '' ? null : target)}
        />
      </Cell>
      <Cell className={styles.state}>
        <ColumnState column={column} isContested={isContested} />
      </Cell>
    </tr>
  );
}

function ColumnState({ column, isContested }: { column: ImportColumn; isContested: boolean }) {
  const { t } = useTranslation('import');
  if (column.target === null) return <span className={styles.muted}>{t('columns.not_loaded')}</span>;
  if (isEmptyColumn(column)) {
    return (
      <span className={styles.muted} title={t('columns.empty_hint')}>
        {t('columns.empty')}
      </span>
    );
  }
  if (isContested || !column.is_sure) {
    const text = isContested ? t('columns.contested') : t('columns.unsure');
    return (
      <span className={styles.warning} title={isContested ? t('columns.contested_hint') : t('columns.unsure_hint')}>
        <IconAlertTriangle size={16} aria-hidden="true" />
        <span>{text}</span>
      </span>
    );
  }
  return (
    <span className={styles.sure}>
      <IconCheck size={16} aria-hidden="true" />
      <span>{t('columns.sure')}</span>
    </span>
  );
}
