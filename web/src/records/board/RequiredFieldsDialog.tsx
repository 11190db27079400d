import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCodeText } from '@/api/errors';
import type { Field, FieldProblem, FieldValue, ObjectType, RecordItem, Values } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { isEmptyValue } from '@/fields/values';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import styles from './RecordBoard.module.css';

export interface RequiredFieldsDialogProps {
  type: ObjectType;
  record: RecordItem;
  /** The name of the column that asks. */
  column: string;
  fields: readonly Field[];
  /** Answers what is wrong with the values, or null when it is done. */
  onSave: (values: Values) => Promise<ReadonlyMap<string, FieldProblem[]> | null>;
  onCancel: () => void;
}

const NO_PROBLEMS: FieldProblem[] = [];

/** What a column asks for before a card stands in it. All is written together; cancelled, the card goes back. */
export function RequiredFieldsDialog({ type, record, column, fields, onSave, onCancel }: RequiredFieldsDialogProps) {
  const { t } = useTranslation(['board', 'records']);
  const format = useFormat();
  const codeText = useCodeText();
  const id = useId();
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>({});
  const [problems, setProblems] = useState<ReadonlyMap<string, FieldProblem[]>>(new Map());
  const [isBusy, setIsBusy] = useState(false);
  // A list of options that stands within another one offers what its record allows.
  const offered = (field: Field): Field => {
    const above = field.settings.within;
    if (above == null || field.settings.options === undefined) return field;
    const options = field.settings.options.filter((option) => option.within === undefined || option.within === record.values[above]);
    return { ...field, settings: { ...field.settings, options } };
  };

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const missing = fields.filter((field) => isEmptyValue(values[field.name]));
    if (missing.length > 0) {
      setProblems(new Map(missing.map((field) => [field.name, [{ pointer: `/values/${field.name}`, code: 'required', params: {} }]])));
      document.getElementById(`${id}-${missing[0]?.name ?? ''}`)?.focus();
      return;
    }
    setIsBusy(true);
    const found = await onSave(values);
    setIsBusy(false);
    if (found !== null) setProblems(found);
  }

  return (
    <Dialog
      title={t('board:asks_title', { column })}
      size="small"
      isDirty={Object.keys(values).length > 0}
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>{t('records:cancel')}</Button>
          <Button type="submit" form={id} look="primary" isBusy={isBusy}>
            {t('board:move')}
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={(event) => void submit(event)}>
        <p className={styles.formText}>{t('board:asks', { name: record.title, type: format.label(type.labels) })}</p>
        {fields.map((field, index) => {
          const { Input } = fieldEditors(field.kind);
          const own = problems.get(field.name) ?? NO_PROBLEMS;
          const [problem] = own;
          const controlId = `${id}-${field.name}`;
          return (
            <div key={field.name} data-field={field.name}>
              <FormField controlId={controlId} label={format.label(field.labels)} error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
                <Input
                  id={controlId}
                  field={offered(field)}
                  value={values[field.name] ?? null}
                  problems={own}
                  hasAutoFocus={index === 0}
                  onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
                />
              </FormField>
            </div>
          );
        })}
      </form>
    </Dialog>
  );
}
