import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import type { Field, FieldKind, FieldValue } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { toWrite } from '@/records/editing/same-value';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import type { LoadSettingsProps } from './LoadSettings';
import styles from './LoadSettings.module.css';
import { useReferences } from './use-references';

/** Kinds for which one value for a whole file makes sense. */
const KINDS: readonly FieldKind[] = ['choice', 'choice_set', 'checkbox', 'reference', 'reference_set'];

function isOffered(field: Field): boolean {
  return KINDS.includes(field.kind) && field.access === 'write' && !field.is_read_only && !field.is_retired && field.group !== 'system';
}

/** Values for every row that brings none of its own. */
export function DefaultValues({ item, onChange }: LoadSettingsProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const type = useObjectType(item.type);
  // A field that was added but not yet filled in is only known here.
  const [added, setAdded] = useState<string[]>([]);
  const offered = type?.fields.filter(isOffered) ?? [];
  const used = offered.filter((field) => field.name in item.defaults || added.includes(field.name));
  const free = offered.filter((field) => !used.includes(field));

  function set(name: string, value: FieldValue): void {
    onChange({ defaults: { ...item.defaults, [name]: toWrite(value) } });
  }

  function remove(name: string): void {
    setAdded(added.filter((other) => other !== name));
    if (name in item.defaults) {
      onChange({ defaults: Object.fromEntries(Object.entries(item.defaults).filter(([key]) => key !== name)) });
    }
  }

  return (
    <div className={styles.defaults} role="group" aria-label={t('settings.defaults')}>
      {used.map((field) => (
        <DefaultRow
          key={field.name}
          field={field}
          value={item.defaults[field.name]}
          onChange={(value) => set(field.name, value)}
          onRemove={() => remove(field.name)}
        />
      ))}
      <Select
        className={styles.add}
        aria-label={t('settings.add_default')}
        value=""
        emptyLabel={t('settings.add_default')}
        options={free.map((field) => ({ value: field.name, label: format.label(field.labels) }))}
        onChange={(name) => setAdded([...added, name])}
      />
    </div>
  );
}

interface DefaultRowProps {
  field: Field;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
  onRemove: () => void;
}

function DefaultRow({ field, value, onChange, onRemove }: DefaultRowProps) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const isReference = field.kind === 'reference' || field.kind === 'reference_set';
  const shown = useReferences(isReference ? field.settings.target : undefined, value);
  const { Input } = fieldEditors(field.kind);
  const id = `import-default-${field.name}`;
  const label = format.label(field.labels);
  return (
    <div className={styles.default}>
      <label htmlFor={id}>{label}</label>
      <Input id={id} field={field} value={shown} problems={[]} onChange={onChange} />
      <IconButton size="small" label={t('settings.remove_default', { name: label })} icon={<IconX size={16} />} onClick={onRemove} />
    </div>
  );
}
