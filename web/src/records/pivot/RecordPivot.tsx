import { IconCopy, IconFileExport } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { pivotQuery } from '@/api/pivots';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { lazyPart } from '@/ui/lazy-part';
import { Select, type SelectOption } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { printHtmlTable, printTable } from '../sheet/table-text';
import type { ListState } from '../list/use-list-state';
import { chosenOf, groupsOf, NO_COLUMNS, readGroup, valueFields, type Group } from './pivot-fields';
import styles from './RecordPivot.module.css';
import { PivotTableView, textsOf } from './PivotTableView';

const ExportDialog = lazyPart(() => import('../export/ExportDialog'), 'ExportDialog');

export interface RecordPivotProps {
  type: ObjectType;
  state: ListState;
}

/** What a list shows as a table of groups; what it is made of stands in the address and in saved views. */
export function RecordPivot({ type, state }: RecordPivotProps) {
  const { t, i18n } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { search, query, change } = state;
  const { rows, columns, value } = chosenOf(type, search);
  const isAverage = value !== undefined && search.figure === 'average';
  const [isExporting, setExporting] = useState(false);
  const table = useQuery({
    ...pivotQuery(type.name, { rows: rows.join(','), columns, value, filter: query.filter, search: query.search }),
    enabled: rows.length > 0,
    placeholderData: keepPreviousData,
  });
  // Its texts come behind the first page.
  if (!i18n.exists('records:pivot.rows')) return null;
  if (rows.length === 0) return <p className={styles.note}>{t('pivot.cannot')}</p>;

  const nameOf = (text: string): string => {
    const group = readGroup(type, text);
    const label = format.label(group?.field.labels);
    return group?.grain == null ? label : t(`pivot.grains.${group.grain}`, { field: label });
  };
  const options = (taken: readonly (string | undefined)[]): SelectOption[] => groupsOf(type).map((text) => ({ value: text, label: nameOf(text), isDisabled: taken.includes(text) }));
  const groups = rows.map((text) => readGroup(type, text)).filter((group): group is Group => group !== null);
  const columnGroup = columns === undefined ? null : readGroup(type, columns);
  const figures: SelectOption[] = valueFields(type).flatMap(({ name, labels }) => (['sum', 'average'] as const).map((figure) => ({ value: `${figure}:${name}`, label: t(`pivot.${figure}`, { field: format.label(labels) }) })));
  const shown = table.data?.table ?? null;
  const parts = { type, state, groups, columnGroup, value, isAverage };

  async function copy(): Promise<void> {
    if (shown === null) return;
    const texts = textsOf(shown, parts, format, t);
    const item = new ClipboardItem({ 'text/plain': new Blob([printTable(texts)], { type: 'text/plain' }), 'text/html': new Blob([printHtmlTable(texts)], { type: 'text/html' }) });
    await navigator.clipboard.write([item]);
    showToast(t('pivot.copied'));
  }

  return (
    <div className={styles.frame}>
      <div className={styles.bar}>
        <label className={styles.choice}>
          {t('pivot.rows')}
          <Select size="small" value={rows[0] ?? ''} options={options([rows[1], columns])} onChange={(text) => change({ rows: [text, rows[1]].filter(Boolean).join(',') })} />
        </label>
        <label className={styles.choice}>
          {t('pivot.then')}
          <Select size="small" value={rows[1] ?? ''} emptyLabel={t('pivot.none')} options={options([rows[0], columns])} onChange={(text) => change({ rows: [rows[0], text].filter(Boolean).join(',') })} />
        </label>
        <label className={styles.choice}>
          {t('pivot.columns')}
          <Select size="small" value={columns ?? ''} emptyLabel={t('pivot.none')} options={options(rows)} onChange={(text) => change({ by: text === '' ? NO_COLUMNS : text })} />
        </label>
        <label className={styles.choice}>
          {t('pivot.value')}
          <Select
            size="small"
            value={value === undefined ? '' : `${isAverage ? 'average' : 'sum'}:${value}`}
            emptyLabel={t('pivot.count')}
            options={figures}
            onChange={(text) => {
              const [figure, name] = text.split(':');
              change({ sum: name, figure: figure === 'average' ? 'average' : undefined });
            }}
          />
        </label>
        <Button size="small" look="plain" icon={<IconCopy size={16} />} onClick={() => void copy()}>
          {t('pivot.copy')}
        </Button>
        <Button
          size="small"
          look="plain"
          icon={<IconFileExport size={16} />}
          disabledReason={type.permissions.export ? null : t('export.forbidden')}
          onClick={() => setExporting(true)}
        >
          {t('pivot.export')}
        </Button>
      </div>
      {table.isError ? (
        <ErrorState message={errorText(table.error)} onRetry={() => void table.refetch()} />
      ) : table.data === undefined ? (
        <Skeleton lines={10} label={t('loading')} />
      ) : shown === null ? (
        <p className={styles.note}>{t('pivot.too_much')}</p>
      ) : shown.rows.length === 0 ? (
        <p className={styles.note}>{t('pivot.nothing')}</p>
      ) : (
        <PivotTableView table={shown} {...parts} />
      )}
      {shown !== null && (shown.has_more_rows || shown.has_more_columns || shown.total.is_partial) && (
        <p className={styles.note}>
          {[shown.has_more_rows && t('pivot.cut_rows'), shown.has_more_columns && t('pivot.cut_columns'), shown.total.is_partial && value !== undefined && t('pivot.partial')].filter(Boolean).join(' ')}
        </p>
      )}
      {isExporting && (
        <ExportDialog
          type={type}
          query={query}
          columns={state.columns}
          pivot={{ rows: rows.join(','), columns, value, figure: isAverage ? 'average' : 'sum' }}
          onClose={() => setExporting(false)}
        />
      )}
    </div>
  );
}
