import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PivotFigure, PivotKey, PivotTable } from '@/api/pivots';
import type { ObjectType } from '@/api/types';
import { useFormat, type Format } from '@/ui/use-format';
import type { ListState } from '../list/use-list-state';
import { paths } from '../paths';
import { lineFilter, shownNumber, type Group } from './pivot-fields';
import styles from './RecordPivot.module.css';

export interface PivotParts {
  type: ObjectType;
  state: ListState;
  groups: readonly Group[];
  columnGroup: Group | null;
  value: string | undefined;
  isAverage: boolean;
}

/** The name of a group. */
function nameOf(group: Group | undefined, key: PivotKey, format: Format, t: TFunction<'records'>): string {
  if (key.option !== null) return format.label(group?.field.settings.options?.find((option) => option.key === key.option)?.labels) || key.option;
  if (key.reference !== null) return key.reference.title ?? t('pivot.unseen');
  if (key.period === null) return t('pivot.empty_key');
  const [year = '', rest] = key.period.split('-');
  if (rest === undefined) return year;
  if (rest.startsWith('Q')) return t('pivot.quarter', { number: rest.slice(1), year });
  return new Intl.DateTimeFormat(format.language, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${key.period}-01`));
}

function textOf(figure: PivotFigure | undefined, table: PivotTable, { value, isAverage }: PivotParts, format: Format): string {
  const number = shownNumber(figure, value, isAverage);
  if (number === null) return '';
  return value !== undefined && table.currency !== null ? format.money(number, table.currency) : format.number(number, isAverage ? 2 : 6);
}

function cellsOf(table: PivotTable): Map<string, PivotFigure> {
  return new Map(table.cells.map((cell) => [`${cell.row}-${cell.column}`, cell]));
}

/** The table as texts, for the clipboard. */
export function textsOf(table: PivotTable, parts: PivotParts, format: Format, t: TFunction<'records'>): string[][] {
  const cells = cellsOf(table);
  const columns = parts.columnGroup === null ? [] : table.columns.map(([key]) => (key === undefined ? '' : nameOf(parts.columnGroup ?? undefined, key, format, t)));
  const places = parts.columnGroup === null ? [] : table.columns.map((_, at) => at);
  const head = [...parts.groups.map(({ field }) => format.label(field.labels)), ...columns, t('pivot.total')];
  const body = table.rows.map((keys, row) => [
    ...keys.map((key, at) => nameOf(parts.groups[at], key, format, t)),
    ...places.map((column) => textOf(cells.get(`${row}-${column}`), table, parts, format)),
    textOf(table.row_totals[row], table, parts, format),
  ]);
  const foot = [t('pivot.total'), ...parts.groups.slice(1).map(() => ''), ...places.map((column) => textOf(table.column_totals[column], table, parts, format)), textOf(table.total, table, parts, format)];
  return [head, ...body, foot];
}

/** Rows by columns; each number opens its list, and the larger it is among the others, the deeper is its ground. */
export function PivotTableView({ table, ...parts }: PivotParts & { table: PivotTable }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { type, state, groups, columnGroup, value, isAverage } = parts;
  const { search } = state;
  const cells = useMemo(() => cellsOf(table), [table]);
  const largest = Math.max(0, ...table.cells.map((cell) => shownNumber(cell, value, isAverage) ?? 0));
  const columns = columnGroup === null ? [] : table.columns;
  const link = (rowKeys: readonly PivotKey[], columnKeys: readonly PivotKey[]) =>
    paths.list(type.name, { section: search.section, q: search.q, filter: lineFilter(lineFilter(search.filter, groups, rowKeys), columnGroup === null ? [] : [columnGroup], columnKeys) });

  function number(figure: PivotFigure | undefined, to: ReturnType<typeof link>) {
    if (figure === undefined || figure.count === 0) return null;
    return (
      <Link {...to} className={styles.link}>
        {textOf(figure, table, parts, format) || '—'}
        {value !== undefined && figure.is_partial && '*'}
      </Link>
    );
  }

  return (
    <div className={styles.box}>
      <table className={styles.table} aria-label={t('pivot.title', { name: format.label(type.labels_plural) })}>
        <thead>
          <tr>
            {groups.map(({ field }, at) => (
              <th key={field.name} scope="col" className={at === 0 ? styles.first : styles.second}>
                {format.label(field.labels)}
              </th>
            ))}
            {columns.map(([key], at) => (
              <th key={at} scope="col" className={styles.head}>
                {key === undefined ? '' : nameOf(columnGroup ?? undefined, key, format, t)}
              </th>
            ))}
            <th scope="col" className={styles.head}>
              {t('pivot.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {table.rows.map((keys, row) => {
            // The name of the first group stands once above its parts.
            const isAgain = groups.length > 1 && row > 0 && JSON.stringify(table.rows[row - 1]?.[0]) === JSON.stringify(keys[0]);
            return (
              <tr key={row} data-again={isAgain || undefined}>
                {keys.map((key, at) => (
                  <th key={at} scope="row" className={at === 0 ? styles.first : styles.second} title={nameOf(groups[at], key, format, t)}>
                    <span className={at === 0 && isAgain ? styles.again : undefined}>{nameOf(groups[at], key, format, t)}</span>
                  </th>
                ))}
                {columns.map((columnKeys, column) => {
                  const figure = cells.get(`${row}-${column}`);
                  const share = largest <= 0 ? 0 : Math.max(0, shownNumber(figure, value, isAverage) ?? 0) / largest;
                  return (
                    <td key={column} className={styles.cell} style={share > 0 ? { background: `color-mix(in srgb, var(--accent-wash) ${Math.round(15 + share * 85)}%, transparent)` } : undefined}>
                      {number(figure, link(keys, columnKeys))}
                    </td>
                  );
                })}
                <td className={styles.total}>{number(table.row_totals[row], link(keys, []))}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={groups.length} className={styles.first}>
              {t('pivot.total')}
            </th>
            {columns.map((keys, column) => (
              <td key={column} className={styles.total}>
                {number(table.column_totals[column], link([], keys))}
              </td>
            ))}
            <td className={styles.total}>{number(table.total, link([], []))}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
