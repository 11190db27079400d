import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeRecord, useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem, Values } from '@/api/types';
import { asText } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { editableNumber, parseNumber } from '@/util/read-format';
import styles from './Money.module.css';

const FORM_ID = 'tax-form';

export interface TaxDialogProps {
  type: ObjectType;
  /** The tax to change; null makes one. */
  tax: RecordItem | null;
  onClose: () => void;
}

/** A tax: its name, its percent, whether prices hold it already. */
export function TaxDialog({ type, tax, onClose }: TaxDialogProps) {
  const { t } = useTranslation('money');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const create = useCreateRecord(type.name);
  const change = useChangeRecord(type.name);
  const key = useRef(newIdempotencyKey());
  const stored = tax === null ? '' : editableNumber(String(Number(tax.values.percent)), format.formats);
  const [name, setName] = useState(asText(tax?.values.name));
  const [percent, setPercent] = useState(stored);
  const [isIncluded, setIsIncluded] = useState(tax?.values.is_included === true);
  const [isActive, setIsActive] = useState(tax === null || tax.values.is_active === true);
  const [missing, setMissing] = useState<'name' | 'percent' | null>(null);
  const error = create.error ?? change.error;
  const refused = fieldProblems(error);
  const isPlaced = refused.has('name') || refused.has('percent');

  function problemOf(field: 'name' | 'percent'): string | undefined {
    if (missing === field) return codeText(field === 'percent' && percent.trim() !== '' ? 'not_a_number' : 'required');
    const problem = refused.get(field)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const number = parseNumber(percent, format.formats);
    const wrong = name.trim() === '' ? 'name' : number === null ? 'percent' : null;
    setMissing(wrong);
    if (wrong !== null) {
      document.getElementById(`tax-${wrong}`)?.focus();
      return;
    }
    const values: Values = { name: name.trim(), percent: number, is_included: isIncluded, is_active: isActive };
    const saved = (): void => {
      showToast(t('tax_saved', { name: name.trim() }));
      onClose();
    };
    if (tax === null) {
      create.mutate({ values, idempotencyKey: key.current }, { onSuccess: saved, onError: () => (key.current = newIdempotencyKey()) });
    } else {
      change.mutate({ id: tax.id, version: tax.version, values }, { onSuccess: saved });
    }
  }

  const [nameProblem, percentProblem] = [problemOf('name'), problemOf('percent')];
  return (
    <Dialog
      title={tax === null ? t('tax_new') : t('tax_edit', { name: tax.title })}
      size="small"
      isDirty={name !== asText(tax?.values.name) || percent !== stored}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t('tax_save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {error !== null && !isPlaced && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="tax-name" label={t('tax_name')} isRequired error={nameProblem}>
          <TextInput
            id="tax-name"
            data-autofocus=""
            autoComplete="off"
            value={name}
            isInvalid={nameProblem !== undefined}
            aria-describedby={nameProblem === undefined ? undefined : errorId('tax-name')}
            onChange={(event) => setName(event.target.value)}
          />
        </FormField>
        <FormField controlId="tax-percent" label={t('tax_percent')} isRequired error={percentProblem}>
          <TextInput
            id="tax-percent"
            inputMode="decimal"
            autoComplete="off"
            value={percent}
            isInvalid={percentProblem !== undefined}
            aria-describedby={percentProblem === undefined ? undefined : errorId('tax-percent')}
            onChange={(event) => setPercent(event.target.value)}
          />
        </FormField>
        <Checkbox label={t('tax_is_included')} isChecked={isIncluded} onChange={setIsIncluded} />
        <Checkbox label={t('tax_is_active')} isChecked={isActive} onChange={setIsActive} />
      </form>
    </Dialog>
  );
}
