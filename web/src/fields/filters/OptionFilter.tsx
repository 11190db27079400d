import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '@/ui/Checkbox';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';

const SEARCH_FROM = 10;

/** The options of the field, or what they mean, with a tick each; for `=` and `!=` the last tick wins. */
export function OptionFilter({ field, part, operator, values, onChange, label }: FilterProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const [search, setSearch] = useState('');
  const options =
    part === 'meaning'
      ? (field.settings.meanings ?? []).map((key) => ({ key, label: t(`meanings.${key}`, { defaultValue: key }) }))
      : (field.settings.options ?? []).map((option) => ({ key: option.key, label: format.label(option.labels) }));
  const shown = options.filter((option) => option.label.toLowerCase().includes(search.toLowerCase()));
  const isSingle = operator === '=' || operator === '!=';
  return (
    <div className={styles.stack}>
      {options.length >= SEARCH_FROM && (
        <TextInput
          aria-label={t('filter.search_options')}
          placeholder={t('filter.search_options')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <div className={styles.checks} role="group" aria-label={label}>
        {shown.map((option) => {
          const isChecked = values.some((value) => value.text === option.key);
          const others = isSingle ? [] : values.filter((value) => value.text !== option.key);
          return (
            <Checkbox
              key={option.key}
              isChecked={isChecked}
              label={option.label}
              onChange={(isOn) => onChange(isOn ? [...others, { form: 'text', text: option.key }] : others)}
            />
          );
        })}
      </div>
    </div>
  );
}
