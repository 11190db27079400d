import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { editableNumber, parseNumber } from '@/util/read-format';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';

/** One number, or two for `between`; of money in units, whatever the currency. */
export function NumberFilter({ operator, values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const count = operator === 'between' ? 2 : 1;
  const [texts, setTexts] = useState(() => values.map((value) => editableNumber(value.text, format.formats)));

  function change(index: number, text: string): void {
    const next = Array.from({ length: count }, (_, at) => (at === index ? text : (texts[at] ?? '')));
    setTexts(next);
    const numbers = next.map((entry) => parseNumber(entry, format.formats));
    const isComplete = numbers.every((number) => number !== null);
    onChange(isComplete ? numbers.map((number) => ({ form: 'bare', text: String(number ?? 0) })) : []);
  }

  return (
    <div className={styles.row}>
      {Array.from({ length: count }, (_, index) => (
        <TextInput
          key={index}
          inputMode="decimal"
          aria-label={count === 1 ? label : index === 0 ? t('filter.from') : t('filter.to')}
          placeholder={count === 1 ? undefined : index === 0 ? t('filter.from') : t('filter.to')}
          data-autofocus={index === 0 ? '' : undefined}
          value={texts[index] ?? ''}
          isInvalid={(texts[index] ?? '') !== '' && parseNumber(texts[index] ?? '', format.formats) === null}
          onChange={(event) => change(index, event.target.value)}
        />
      ))}
    </div>
  );
}
