import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { asMoney } from '@/fields/values';
import { Button } from '@/ui/Button';
import { keepClear } from '@/ui/keep-clear';
import { useFormat } from '@/ui/use-format';
import { currencyDecimals } from '@/util/currencies';
import { cellValue } from '../list/cell-value';
import type { Column } from '../list/columns';
import type { Bounds } from './range';
import { cellText } from './cell-text';
import styles from './Sheet.module.css';
import type { RefusedCell } from './use-sheet-edits';

export interface SheetStatusProps {
  type: ObjectType;
  records: readonly RecordItem[];
  columns: readonly Column[];
  bounds: Bounds;
  refused: readonly RefusedCell[];
  onShow: (cell: RefusedCell) => void;
  onForgive: () => void;
  /** Of a cell that somebody else changed meanwhile: one's own text, or his value. */
  onMine: (cell: RefusedCell) => void;
  onTheirs: (cell: RefusedCell) => void;
}

/** The numbers of the chosen cells: plain ones, or the units of the one currency among them. */
export function sumOf(records: readonly RecordItem[], columns: readonly Column[]): { sum: number; count: number; currency: string | null } | null {
  const numbers: number[] = [];
  const currencies = new Set<string | null>();
  for (const record of records) {
    for (const { field } of columns) {
      const value = cellValue(record, field.name);
      const money = asMoney(value);
      if (money !== null) {
        numbers.push(money.amount / 10 ** currencyDecimals(money.currency));
        currencies.add(money.currency);
      } else if (typeof value === 'number' && field.kind === 'number') {
        numbers.push(value);
        currencies.add(null);
      }
    }
  }
  const [currency = null] = currencies;
  return numbers.length < 2 || currencies.size > 1 ? null : { sum: numbers.reduce((total, number) => total + number, 0), count: numbers.length, currency };
}

/** Below the sheet: what is chosen, its sum, and the cells that were not taken. */
export function SheetStatus({ type, records, columns, bounds, refused, onShow, onForgive, onMine, onTheirs }: SheetStatusProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const rows = bounds.bottom - bounds.top + 1;
  const width = bounds.right - bounds.left + 1;
  const sum = useMemo(
    () => sumOf(records.slice(bounds.top, bounds.bottom + 1), columns.slice(bounds.left, bounds.right + 1)),
    [records, columns, bounds.top, bounds.bottom, bounds.left, bounds.right],
  );
  const [first] = refused;
  const field = type.fields.find((candidate) => candidate.name === first?.field);
  const record = records.find((candidate) => candidate.id === first?.id);
  const conflict =
    first?.isConflict === true && field !== undefined && record !== undefined
      ? { mine: first.text || '—', theirs: cellText(cellValue(record, field.name), field, format) || '—' }
      : null;
  return (
    <div ref={keepClear} className={styles.status}>
      {first !== undefined && (
        <span className={styles.problems} role="alert">
          <IconAlertTriangle size={16} aria-hidden="true" />
          <span className={styles.problemText}>
            {t('sheet.refused', { count: refused.length })}
            {field !== undefined && ` ${format.label(field.labels)}: ${first.message}`}
          </span>
          <Button look="link" onClick={() => onShow(first)}>
            {t('sheet.show_refused')}
          </Button>
          {conflict !== null && (
            <>
              <span className={styles.bothTexts}>{t('sheet.both', conflict)}</span>
              <Button look="link" onClick={() => onMine(first)}>
                {t('sheet.mine')}
              </Button>
              <Button look="link" onClick={() => onTheirs(first)}>
                {t('sheet.theirs')}
              </Button>
            </>
          )}
          <Button look="link" onClick={onForgive}>
            {t('sheet.forgive')}
          </Button>
        </span>
      )}
      <span className={styles.chosenText}>
        {rows * width > 1 && t('sheet.chosen', { rows: format.number(rows), columns: format.number(width) })}
        {sum !== null &&
          ` · ${t('sheet.sum', { sum: sum.currency === null ? format.number(sum.sum) : format.money(Math.round(sum.sum * 10 ** currencyDecimals(sum.currency)), sum.currency) })}`}
      </span>
      {first === undefined && <span className={styles.keys}>{t('sheet.keys')}</span>}
    </div>
  );
}
