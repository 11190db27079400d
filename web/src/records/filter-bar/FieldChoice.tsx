import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import styles from './FilterBar.module.css';

export interface FieldChoiceProps {
  type: ObjectType;
  onChoose: (field: Field, part: string | null) => void;
}

/** The fields that can be asked about; compound ones with their parts. */
export function FieldChoice({ type, onChoose }: FieldChoiceProps) {
  const { t } = useTranslation(['records', 'fields']);
  const format = useFormat();
  const [text, setText] = useState('');
  const entries = type.fields
    .filter((field) => field.is_filterable && !field.is_retired)
    .flatMap((field) => [
      { key: field.name, field, part: null as string | null, label: format.label(field.labels) },
      ...(fieldKind(field.kind).parts?.(field) ?? []).filter((part) => part.isMadeElsewhere !== true).map((part) => ({
        key: `${field.name}.${part.key}`,
        field,
        part: part.key as string | null,
        label: part.labels === null ? t(`fields:addresses.${part.key}`) : format.label(part.labels),
      })),
    ])
    .filter((entry) => entry.label.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <>
      <TextInput
        aria-label={t('records:filter.find_field')}
        placeholder={t('records:filter.find_field')}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const [first] = entries;
          if (event.key === 'Enter' && first !== undefined) {
            event.preventDefault();
            onChoose(first.field, first.part);
          }
        }}
      />
      <div className={styles.fields}>
        {entries.map((entry) => (
          <button
            key={entry.key}
            type="button"
            className={classNames(styles.fieldItem, entry.part !== null && styles.partItem)}
            onClick={() => onChoose(entry.field, entry.part)}
          >
            {entry.label}
          </button>
        ))}
      </div>
    </>
  );
}
