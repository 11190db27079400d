import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldValue, ObjectType, Values } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { isEmptyValue } from '@/fields/values';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { useFormat } from '@/ui/use-format';
import { toWrite } from '../editing/same-value';
import styles from './BulkEditDialog.module.css';

export interface BulkEditDialogProps {
  type: ObjectType;
  number: string;
  isBusy: boolean;
  onApply: (values: Values) => void;
  onClose: () => void;
}

/** Puts one value into one field of many records; an empty value empties the field. */
export function BulkEditDialog({ type, number, isBusy, onApply, onClose }: BulkEditDialogProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const fields = type.fields.filter(
    (field) => field.access === 'write' && !field.is_read_only && !field.is_retired && !['channels', 'addresses', 'file'].includes(field.kind) && field.group !== 'name',
  );
  const [name, setName] = useState(fields[0]?.name ?? '');
  const [value, setValue] = useState<FieldValue>(null);
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) return null;
  const { Input } = fieldKind(field.kind);
  const isEmptying = isEmptyValue(value);
  return (
    <Dialog
      title={t('bulk.change_title', { number })}
      size="small"
      onClose={onClose}
      closesOnBackdrop={false}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look={isEmptying ? 'danger' : 'primary'} isBusy={isBusy} onClick={() => onApply({ [field.name]: toWrite(value) })}>
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
            options={fields.map((option) => ({ value: option.name, label: format.label(option.labels) }))}
            onChange={(next) => {
              setName(next);
              setValue(null);
            }}
          />
        </FormField>
        <FormField controlId="bulk-value" label={t('bulk.value')} hint={t('bulk.value_hint')}>
          <Input key={name} id="bulk-value" field={field} value={value} problems={[]} onChange={setValue} />
        </FormField>
      </div>
    </Dialog>
  );
}
