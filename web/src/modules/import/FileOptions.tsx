import { useTranslation } from 'react-i18next';
import type { ImportChange, ImportItem } from '@/api/types';
import { Checkbox } from '@/ui/Checkbox';
import { FormField } from '@/ui/FormField';
import { Select, type SelectOption } from '@/ui/Select';
import styles from './FileOptions.module.css';

/** Encodings that files of this region come in, by their WHATWG names. */
const ENCODINGS = ['utf-8', 'windows-1251', 'utf-16le', 'koi8-u', 'koi8-r', 'ibm866', 'windows-1250', 'windows-1252', 'iso-8859-2'] as const;
const DELIMITERS = [';', ',', '\t', '|'] as const;

/** The value in use is offered even when it is not one of the usual ones. */
function withCurrent(values: readonly string[], current: string): string[] {
  return current === '' || values.includes(current) ? [...values] : [current, ...values];
}

export interface FileOptionsProps {
  item: ImportItem;
  onChange: (change: ImportChange) => void;
}

/** How a table is read; found out by itself, but a person may know better. */
export function FileOptions({ item, onChange }: FileOptionsProps) {
  const { t } = useTranslation('import');
  const { options } = item;
  const encoding = (options.encoding ?? '').toLowerCase();
  const delimiter = options.delimiter ?? '';
  const delimiterNames: Readonly<Record<string, string>> = {
    ';': t('options.semicolon'),
    ',': t('options.comma'),
    '\t': t('options.tab'),
    '|': t('options.bar'),
  };
  const choice = (value: string, label = value): SelectOption => ({ value, label });
  return (
    <div className={styles.options} role="group" aria-label={t('options.title')}>
      {item.sheets.length > 1 && (
        <FormField controlId="import-sheet" label={t('options.sheet')}>
          <Select
            id="import-sheet"
            value={options.sheet ?? ''}
            options={item.sheets.map((sheet) => choice(sheet))}
            onChange={(sheet) => onChange({ options: { sheet } })}
          />
        </FormField>
      )}
      {item.kind === 'csv' && (
        <FormField controlId="import-encoding" label={t('options.encoding')}>
          <Select
            id="import-encoding"
            value={encoding}
            options={withCurrent(ENCODINGS, encoding).map((value) => choice(value, value.toUpperCase().replace('WINDOWS', 'Windows')))}
            onChange={(value) => onChange({ options: { encoding: value } })}
          />
        </FormField>
      )}
      {item.kind === 'csv' && (
        <FormField controlId="import-delimiter" label={t('options.delimiter')}>
          <Select
            id="import-delimiter"
            value={delimiter}
            options={withCurrent(DELIMITERS, delimiter).map((value) => choice(value, delimiterNames[value]))}
            onChange={(value) => onChange({ options: { delimiter: value } })}
          />
        </FormField>
      )}
      <Checkbox
        className={styles.header}
        isChecked={options.has_header ?? true}
        label={t('options.has_header')}
        onChange={(hasHeader) => onChange({ options: { has_header: hasHeader } })}
      />
    </div>
  );
}
