import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { editableNumber, parseNumber } from '@/util/read-format';
import { currencyDecimals, minorUnits } from '@/util/currencies';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { asMoney, asText } from '../values';
import { useCurrencies } from './use-currencies';

export function MoneyInput({ id, field, value, onChange, problems, describedBy, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const money = asMoney(value);
  const currencies = useCurrencies(field, money?.currency);
  const [currency, setCurrency] = useState(money?.currency ?? currencies[0] ?? '');
  const [text, setText] = useState(() =>
    money === null ? asText(value) : editableNumber(String(money.amount / 10 ** currencyDecimals(money.currency)), format.formats),
  );

  function change(nextText: string, nextCurrency: string): void {
    setText(nextText);
    setCurrency(nextCurrency);
    const number = parseNumber(nextText, format.formats);
    if (nextText.trim() === '') onChange(null);
    else if (number === null) onChange(nextText);
    else onChange({ amount: minorUnits(number, nextCurrency), currency: nextCurrency });
  }

  return (
    <div className={styles.row} onKeyDown={onKeyDown}>
      <TextInput
        id={id}
        inputMode="decimal"
        value={text}
        isInvalid={problems.length > 0}
        aria-describedby={describedBy}
        autoFocus={hasAutoFocus}
        autoComplete="off"
        onChange={(event) => change(event.target.value, currency)}
      />
      <Select
        className={styles.narrow}
        aria-label={t('currency')}
        value={currency}
        options={currencies.map((code) => ({ value: code, label: code }))}
        onChange={(next) => change(text, next)}
      />
    </div>
  );
}
