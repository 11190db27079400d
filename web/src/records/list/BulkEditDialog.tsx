import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, FieldValue, ObjectType, Values } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { isEmptyValue } from '@/fields/values';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { toWrite } from '../editing/same-value';
import styles from './BulkEditDialog.module.css';

export interface BulkEditDialogProps {
  type: ObjectType;
  number: string;
  isBusy: boolean;
  onApply: (change: SetChange) => void;
  onClose: () => void;
}

/** What of a field with many entries is written: entries are put to those that stand there, taken out, or stand instead of them. */
type SetMode = 'add' | 'remove' | 'values';

export type SetChange = Partial<Record<SetMode, Values>>;

function isSet(field: Field): boolean {
  return field.kind === 'reference_set' || field.kind === 'choice_set';
}

/** Puts one value into one field of many records; an empty value empties the field. Sets are added to unless one asks for more. */
export function BulkEditDialog({ type, number, isBusy, onApply, onClose }: BulkEditDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const fields = type.fields.filter(
    (field) => field.access === 'write' && !field.is_read_only && !field.is_retired && !['channels', 'addresses', 'file'].includes(field.kind) && field.group !== 'name',
  );
  // No field is chosen for one: an empty value empties it.
  const [name, setName] = useState('');
  const [value, setValue] = useState<FieldValue>(null);
  const [mode, setMode] = useState<SetMode>('add');
  const field = fields.find((candidate) => candidate.name === name);
  const Input = field === undefined ? null : fieldEditors(field.kind).Input;
  const change = field !== undefined && isSet(field) ? mode : 'values';
  const isEmptying = field !== undefined && change === 'values' && isEmptyValue(value);
  const isIncomplete = change !== 'values' && isEmptyValue(value);
  return (
    <Dialog
      title={t('bulk.change_title', { number })}
      size="small"
      onClose={onClose}
      closesOnBackdrop={false}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look={isEmptying ? 'danger' : 'primary'}
            isBusy={isBusy}
            disabledReason={field === undefined ? t('bulk.needs_field') : isIncomplete && t('bulk.needs_entries')}
            onClick={() => {
              if (field !== undefined) onApply({ [change]: { [field.name]: toWrite(value) } });
            }}
          >
            {t(isEmptying ? 'bulk.empty' : 'bulk.apply', { number })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <FormField controlId="bulk-field" label={t('bulk.field')}>
          <Select
            id="bulk-field"
            value={name}
            data-autofocus=""
            emptyLabel={t('bulk.choose_field')}
            options={fields.map((option) => ({ value: option.name, label: format.label(option.labels) }))}
            onChange={(next) => {
              setName(next);
              setValue(null);
            }}
          />
        </FormField>
        {field !== undefined && isSet(field) && (
          <SegmentedChoice
            label={t('bulk.set_mode')}
            value={mode}
            options={[
              { value: 'add', label: t('bulk.set_add') },
              { value: 'remove', label: t('bulk.set_remove') },
              { value: 'values', label: t('bulk.set_replace') },
            ]}
            onChange={setMode}
          />
        )}
        {field !== undefined && Input !== null && (
          <FormField
            controlId="bulk-value"
            label={t(change === 'values' ? 'bulk.value' : `bulk.set_${change}_label`)}
            hint={change === 'values' ? t('bulk.value_hint') : undefined}
          >
            <Input key={name} id="bulk-value" field={field} value={value} problems={[]} onChange={setValue} />
          </FormField>
        )}
      </div>
    </Dialog>
  );
}
