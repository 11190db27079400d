import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { FieldValue, RecordItem } from '@/api/types';
import { asMoney, asReference, asText } from '@/fields/values';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { currencyDecimals, minorUnits } from '@/util/currencies';
import { editableNumber, parseNumber } from '@/util/read-format';
import { LINE_TYPE } from './line-type';
import { LineCell } from './LineCell';
import { currencyOfLine } from './line-totals';
import styles from './Lines.module.css';

export interface LineRowProps {
  line: RecordItem;
  /** The deal or the order. */
  whole: RecordItem;
  taxes: readonly RecordItem[];
  isReadOnly: boolean;
  /** The whole says something else now. */
  onWritten: () => void;
}

/** One line: each cell is changed in its place. */
export function LineRow({ line, whole, taxes, isReadOnly, onWritten }: LineRowProps) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const change = useChangeRecord(LINE_TYPE);
  const remove = useRemoveWithToast(LINE_TYPE);
  const { values } = line;
  const price = asMoney(values.price);
  const { installation } = useSession();
  const currency = currencyOfLine(line, whole, installation.currency);
  const tax = asReference(values.tax);
  const refused = fieldProblems(change.error);
  const [field, problems] = [...refused][0] ?? [];

  function save(name: string, value: FieldValue, shown: FieldValue = value): void {
    change.mutate({ id: line.id, version: line.version, values: { [name]: value }, shown: { [name]: shown } }, { onSuccess: onWritten });
  }

  function number(text: string, isOptional: boolean): FieldValue | undefined {
    if (text.trim() === '') return isOptional ? null : undefined;
    const value = parseNumber(text.replace('%', ''), format.formats);
    return value === null || value < 0 ? undefined : value;
  }

  function amount(text: string): FieldValue | undefined {
    const value = parseNumber(text, format.formats);
    return value === null ? undefined : { amount: minorUnits(value, currency), currency };
  }

  const shownTaxes = tax === null || taxes.some(({ id }) => id === tax.id) ? taxes : [...taxes, { id: tax.id, title: tax.title }];
  const cell = { isReadOnly, name: line.title };
  return (
    <tr className={styles.row} aria-label={line.title}>
      <td className={styles.name}>
        <LineCell
          label={t('cell', { column: t('columns.name'), name: cell.name })}
          text={asText(values.name)}
          read={(text) => (text.trim() === '' ? undefined : text)}
          onChange={(value) => save('name', value)}
          isReadOnly={isReadOnly}
          isInvalid={field === 'name'}
        />
        {change.isError && (
          <p className={styles.problem} role="alert">
            {problems?.[0] === undefined ? errorText(change.error) : codeText(problems[0].code, problems[0].params)}
          </p>
        )}
      </td>
      <td className={styles.quantity} data-label={t('columns.quantity')}>
        <LineCell
          label={t('cell', { column: t('columns.quantity'), name: cell.name })}
          text={editableNumber(asText(values.quantity), format.formats)}
          read={(text) => number(text, false)}
          onChange={(value) => save('quantity', value)}
          isNumber
          isReadOnly={isReadOnly}
          isInvalid={field === 'quantity'}
        />
      </td>
      <td className={styles.unit} data-label={t('columns.unit')}>
        <LineCell
          label={t('cell', { column: t('columns.unit'), name: cell.name })}
          text={asText(values.unit)}
          read={(text) => text.trim() || null}
          onChange={(value) => save('unit', value)}
          isReadOnly={isReadOnly}
        />
      </td>
      <td className={styles.price} data-label={t('columns.price')}>
        <LineCell
          label={t('cell', { column: t('columns.price'), name: cell.name })}
          text={price === null ? '' : isReadOnly ? format.money(price.amount, currency) : editableNumber((price.amount / 10 ** currencyDecimals(currency)).toFixed(currencyDecimals(currency)), format.formats)}
          read={amount}
          onChange={(value) => save('price', value)}
          isNumber
          isReadOnly={isReadOnly}
          isInvalid={field === 'price'}
        />
      </td>
      <td className={styles.discount} data-label={t('columns.discount')}>
        <LineCell
          label={t('cell', { column: t('columns.discount'), name: cell.name })}
          text={editableNumber(asText(values.discount), format.formats)}
          read={(text) => number(text, true)}
          onChange={(value) => save('discount', value)}
          isNumber
          isReadOnly={isReadOnly}
          isInvalid={field === 'discount'}
        />
      </td>
      <td className={styles.tax} data-label={t('columns.tax')}>
        {isReadOnly ? (
          <span className={styles.still}>{tax?.title ?? ''}</span>
        ) : (
          <Select
            size="small"
            className={styles.select}
            aria-label={t('cell', { column: t('columns.tax'), name: cell.name })}
            value={tax === null ? '' : String(tax.id)}
            emptyLabel={t('no_tax')}
            options={shownTaxes.map(({ id, title }) => ({ value: String(id), label: title }))}
            onChange={(value) => {
              const chosen = shownTaxes.find(({ id }) => String(id) === value);
              save('tax', chosen?.id ?? null, chosen === undefined ? null : { id: chosen.id, title: chosen.title, type: 'tax' });
            }}
          />
        )}
      </td>
      <td className={styles.total} data-label={t('columns.total')}>
        <Amount line={line} />
      </td>
      <td className={styles.remove}>
        {!isReadOnly && (
          <IconButton
            size="small"
            label={t('remove', { name: line.title })}
            icon={<IconX size={14} />}
            onClick={() => void remove(line.id, t('removed', { name: line.title })).then(onWritten)}
          />
        )}
      </td>
    </tr>
  );
}

function Amount({ line }: { line: RecordItem }) {
  const format = useFormat();
  const amount = asMoney(line.values.amount);
  return <span className={styles.still}>{amount === null ? '' : format.money(amount.amount, amount.currency)}</span>;
}
