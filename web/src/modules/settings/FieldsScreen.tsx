import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useMay } from '@/api/session';
import type { Field, ObjectType } from '@/api/types';
import { blocksOf, useBlockTitle } from '@/records/layout';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { FieldDialog } from './FieldDialog';
import { FieldRow } from './FieldRow';
import styles from './FieldsScreen.module.css';

/** The fields of each kind of record: what an administrator may add, rename, retire and index. */
export function FieldsScreen() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const mayShape = useMay('fields');
  // Of what has no section of its own, notes: their categories are for administrators to choose.
  const types = useCatalog().object_types.filter((type) => !type.is_system || type.fields.some((field) => field.timeline === 'shown'));
  const [name, setName] = useState(types[0]?.name ?? '');
  const [dialog, setDialog] = useState<{ field: Field | null } | null>(null);
  const type = types.find((candidate) => candidate.name === name);
  if (!mayShape || type === undefined) {
    return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  }
  return (
    <Page
      isInner
      width="list"
      title={t('fields.title', { type: format.label(type.labels_plural) })}
      intro={t('fields.intro')}
      aside={
        <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ field: null })}>
          {t('fields.new')}
        </Button>
      }
    >
      {types.length > 1 && (
        <Tabs
          label={t('nav.fields')}
          current={type.name}
          onChange={setName}
          tabs={types.map((candidate) => ({ key: candidate.name, label: format.label(candidate.labels_plural) }))}
        />
      )}
      <FieldGroups type={type} onChange={(field) => setDialog({ field })} />
      {dialog !== null && <FieldDialog type={type} field={dialog.field} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function FieldGroups({ type, onChange }: { type: ObjectType; onChange: (field: Field) => void }) {
  const { t } = useTranslation('settings');
  const blockTitle = useBlockTitle();
  const parts = [
    ...type.layout.blocks.map((block) => ({
      key: block.key,
      title: blockTitle(block),
      fields: blocksOf([{ ...block, shown_if: null }], type.fields, {}).flatMap((found) => found.fields),
    })),
    { key: 'retired', title: t('fields.retired'), fields: type.fields.filter((field) => field.is_retired) },
  ];
  return parts
    .filter((part) => part.fields.length > 0)
    .map((part) => (
      <section key={part.key} aria-labelledby={`fields-${part.key}`}>
        <h2 id={`fields-${part.key}`} className={styles.heading}>
          {part.title}
        </h2>
        <ul className={styles.list}>
          {part.fields.map((field) => (
            <FieldRow key={field.name} type={type} field={field} onChange={() => onChange(field)} />
          ))}
        </ul>
      </section>
    ));
}
