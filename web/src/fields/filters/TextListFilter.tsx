import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextArea } from '@/ui/TextInput';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';

/** Several texts, one a line, so that a column of a spreadsheet can be pasted. */
export function TextListFilter({ values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  const [text, setText] = useState(values.map((value) => value.text).join('\n'));
  return (
    <div className={styles.stack}>
      <TextArea
        aria-label={label}
        value={text}
        data-autofocus=""
        onChange={(event) => {
          setText(event.target.value);
          const lines = event.target.value.split('\n').map((line) => line.trim());
          onChange(lines.filter((line) => line !== '').map((line) => ({ form: 'text', text: line })));
        }}
      />
      <p className={styles.hint}>{t('filter.one_a_line')}</p>
    </div>
  );
}
