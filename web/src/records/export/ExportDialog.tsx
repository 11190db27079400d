import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useStartExport, type ExportInput } from '@/api/jobs';
import { recordCountQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { CountText } from '../list/CountText';
import type { ListState } from '../list/use-list-state';
import styles from './ExportDialog.module.css';

type Format = ExportInput['format'];
const FORMATS: readonly Format[] = ['xlsx', 'csv', 'vcard'];

export interface ExportDialogProps {
  type: ObjectType;
  /** Which records, in which order. */
  query: ListState['query'];
  columns: ListState['columns'];
  /** They were ticked one by one. */
  isTicked?: boolean;
  /** Not the records themselves, but this table of them. */
  pivot?: ExportInput['pivot'];
  onClose: () => void;
}

/** Exports records as a list shows them: what matches its filter and its search, or what was ticked. */
export function ExportDialog({ type, query, columns, isTicked = false, pivot, onClose }: ExportDialogProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const [format, setFormat] = useState<Format>('xlsx');
  const [scope, setScope] = useState<'all' | 'columns'>('all');
  const count = useQuery(recordCountQuery(type.name, query));
  const start = useStartExport();

  function run(): void {
    start.mutate(
      {
        type: type.name,
        format,
        filter: query.filter,
        search: query.search,
        ...(pivot === undefined
          ? { sort: query.sort, fields: scope === 'columns' && format !== 'vcard' ? ['id', ...columns.map((column) => column.field.name)] : undefined }
          : { pivot }),
      },
      {
        onSuccess: () => {
          showToast(t('export.started'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t(pivot === undefined ? 'export.title' : 'export.pivot_title')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" isBusy={start.isPending} onClick={run} data-autofocus="">
            {t('export.run')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {start.isError && <Banner tone="error">{errorText(start.error)}</Banner>}
        <p>
          {t(pivot !== undefined ? 'export.of_pivot' : isTicked ? 'export.ticked' : query.filter === undefined && query.search === undefined ? 'export.everything' : 'export.filtered')}{' '}
          {count.data !== undefined && (
            <strong>
              <CountText count={count.data} />
            </strong>
          )}
        </p>
        <FormField controlId="export-format" label={t('export.format')}>
          <Select
            id="export-format"
            value={format}
            options={FORMATS.filter((key) => pivot === undefined || key !== 'vcard').map((key) => ({ value: key, label: t(`export.formats.${key}`) }))}
            onChange={(key) => setFormat(key as Format)}
          />
        </FormField>
        {format !== 'vcard' && pivot === undefined && (
          <FormField controlId="export-scope" label={t('export.fields')} hint={scope === 'all' ? t('export.all_hint') : undefined}>
            <Select
              id="export-scope"
              value={scope}
              options={[
                { value: 'all', label: t('export.all_fields') },
                { value: 'columns', label: t('export.shown_columns') },
              ]}
              onChange={(key) => setScope(key as 'all' | 'columns')}
            />
          </FormField>
        )}
      </div>
    </Dialog>
  );
}
