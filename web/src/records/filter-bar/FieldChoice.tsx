import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, ObjectType } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import type { FilterCondition } from '@/util/filter-text';
import { fieldsToChoose, useBlockTitle } from '../layout';
import { partLabel } from './condition-words';
import { FOLLOWED } from './followed';
import styles from './FilterBar.module.css';

export interface FieldChoiceProps {
  type: ObjectType;
  onChoose: (field: Field, part: string | null) => void;
  /** What needs neither comparison nor value. */
  onChooseWhole: (condition: FilterCondition) => void;
}

/** The fields that can be asked about, in the blocks of the card; compound ones with their parts. */
export function FieldChoice({ type, onChoose, onChooseWhole }: FieldChoiceProps) {
  const { t } = useTranslation(['fields', 'records']);
  const format = useFormat();
  const [text, setText] = useState('');
  const blockTitle = useBlockTitle();
  const wanted = text.trim().toLowerCase();
  const blocks = fieldsToChoose(type, (field) => field.is_filterable && !field.is_retired)
    .map(({ block, fields }) => ({
      key: block.key,
      title: blockTitle(block),
      entries: fields
        .flatMap((field) => [
          { key: field.name, field, part: null as string | null, label: format.label(field.labels) },
          ...(fieldKind(field.kind).parts?.(field) ?? []).filter((part) => part.isMadeElsewhere !== true).map((part) => ({
            key: `${field.name}.${part.key}`,
            field,
            part: part.key as string | null,
            label: partLabel(field, part, format, t),
          })),
        ])
        .filter((entry) => entry.label.toLowerCase().includes(wanted)),
    }))
    .filter(({ entries }) => entries.length > 0);
  const followed = t('records:filter.followed');
  const hasFollowed = type.has_followers === true && followed.toLowerCase().includes(wanted);
  return (
    <>
      <TextInput
        aria-label={t('records:filter.find_field')}
        placeholder={t('records:filter.find_field')}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const first = blocks[0]?.entries[0];
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (hasFollowed && wanted !== '') onChooseWhole(FOLLOWED);
          else if (first !== undefined) onChoose(first.field, first.part);
        }}
      />
      <div className={styles.fields}>
        {blocks.map(({ key, title, entries }) => (
          <div key={key} role="group" aria-label={title}>
            <p className={styles.fieldBlock} aria-hidden="true">
              {title}
            </p>
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
        ))}
        {hasFollowed && (
          <button type="button" className={styles.fieldItem} onClick={() => onChooseWhole(FOLLOWED)}>
            {followed}
          </button>
        )}
      </div>
    </>
  );
}
