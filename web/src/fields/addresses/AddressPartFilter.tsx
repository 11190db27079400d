import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPickQuery } from '@/api/records';
import { IconButton } from '@/ui/IconButton';
import { SuggestInput } from '@/ui/SuggestInput';
import { useDebounced } from '@/ui/use-debounced';
import type { FilterProps } from '../field-ui';
import styles from '../fields.module.css';
import { knownParts, knownPartsFilter, type AddressPart } from './known-parts';

export interface AddressPartFilterProps extends FilterProps {
  part: AddressPart;
}

/** A city, a region: typed, or chosen from those in the base; for `in` and `not in` several. */
export function AddressPartFilter({ typeName, field, part, operator, values, onChange, label }: AddressPartFilterProps) {
  const { t } = useTranslation('fields');
  const isMany = operator === 'in' || operator === 'not_in';
  const [typed, setTyped] = useState('');
  const text = isMany ? typed : (values[0]?.text ?? '');
  const asked = useDebounced(text.trim(), 150);
  const filter = knownPartsFilter(field.name, part, asked);
  const found = useQuery({ ...recordPickQuery(typeName, '', filter, { fields: field.name, limit: 100 }), placeholderData: keepPreviousData });
  const chosen = isMany ? values.map((value) => value.text) : [];
  const suggestions = knownParts(found.data?.items ?? [], field.name, part, text.trim()).filter(
    (suggestion) => !chosen.includes(suggestion) && suggestion !== text,
  );

  function change(next: string): void {
    setTyped(next);
    if (!isMany) onChange(next === '' ? [] : [{ form: 'text', text: next }]);
  }

  function choose(next: string): void {
    setTyped('');
    const value = { form: 'text' as const, text: next };
    if (!isMany) onChange([value]);
    else if (!chosen.includes(next)) onChange([...values, value]);
  }

  return (
    <div className={styles.stack}>
      {chosen.length > 0 && (
        <div className={styles.chips}>
          {chosen.map((one) => (
            <span key={one} className={styles.chip}>
              <span className={styles.cut}>{one}</span>
              <IconButton size="small" label={t('remove_named', { name: one })} icon={<IconX size={14} />} onClick={() => onChange(values.filter((value) => value.text !== one))} />
            </span>
          ))}
        </div>
      )}
      <SuggestInput
        label={label}
        placeholder={t(isMany && chosen.length > 0 ? 'filter.one_more' : 'filter.type_or_choose')}
        data-autofocus=""
        value={text}
        suggestions={suggestions}
        takesTyped={isMany}
        onChange={change}
        onChoose={choose}
      />
    </div>
  );
}
