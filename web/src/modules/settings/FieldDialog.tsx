import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddField, useChangeField } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import type { Field, FieldGroup, FieldKind, ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { FieldError, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { ADDABLE_KINDS, draftOf, draftProblem, emptyDraft, fieldChangeOf, newFieldOf, type DraftProblem, type FieldDraft } from './field-draft';
import styles from './FieldDialog.module.css';
import { KindSettings } from './KindSettings';
import { LabelInputs } from './LabelInputs';

const GROUPS = ['name', 'main', 'contact', 'details'] as const satisfies readonly FieldGroup[];
const FORM_ID = 'field-form';

export interface FieldDialogProps {
  type: ObjectType;
  /** The field to change; null adds one. */
  field: Field | null;
  onClose: () => void;
}

/** Adds a field or changes one. The kind of a field never changes: its values would have to. */
export function FieldDialog({ type, field, onClose }: FieldDialogProps) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const { installation } = useSession();
  const add = useAddField(type.name);
  const change = useChangeField(type.name);
  const [draft, setDraft] = useState<FieldDraft>(() => (field === null ? emptyDraft(installation.currency, type.name) : draftOf(field)));
  const [problem, setProblem] = useState<DraftProblem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const error = add.error ?? change.error;
  const isDerived = field?.is_read_only === true;

  useEffect(() => {
    if (problem !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-problem] input')?.focus();
  }, [problem]);

  function patch(part: Partial<FieldDraft>): void {
    setDraft({ ...draft, ...part });
    setProblem(null);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = draftProblem(draft);
    setProblem(found);
    if (found !== null) return;
    const onSuccess = (saved: Field): void => {
      showToast(t(field === null ? 'fields.added' : 'fields.changed', { name: format.label(saved.labels) }));
      onClose();
    };
    if (field === null) add.mutate(newFieldOf(draft), { onSuccess });
    else change.mutate({ name: field.name, change: fieldChangeOf(field, draft) }, { onSuccess });
  }

  return (
    <Dialog
      title={field === null ? t('fields.add_title') : t('fields.change_title', { name: format.label(field.labels) })}
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={add.isPending || change.isPending}>
            {field === null ? t('fields.add') : t('save')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {error !== null && <ServerProblem error={error} text={errorText(error)} />}
        <FormField
          controlId="field-name"
          label={t('fields.name')}
          isRequired
          hint={t('fields.name_hint')}
          error={problem === 'labels' ? t('fields.problems.labels') : undefined}
        >
          <LabelInputs
            id="field-name"
            label={t('fields.name')}
            texts={draft.labels}
            isInvalid={problem === 'labels'}
            hasAutoFocus
            onChange={(labels) => patch({ labels })}
          />
        </FormField>
        {field === null && (
          <FormField controlId="field-kind" label={t('fields.kind')} hint={t(`fields.kind_hints.${draft.kind}`)}>
            <Select
              id="field-kind"
              value={draft.kind}
              options={ADDABLE_KINDS.map((kind) => ({ value: kind, label: t(`fields.kinds.${kind}`) }))}
              onChange={(kind) => patch({ kind: kind as FieldKind })}
            />
          </FormField>
        )}
        <div data-problem={problem !== null && problem !== 'labels' ? '' : undefined} className={styles.settings}>
          <KindSettings draft={draft} isNew={field === null} onChange={patch} />
          {problem !== null && problem !== 'labels' && <FieldError>{t(`fields.problems.${problem}`)}</FieldError>}
        </div>
        <FormField controlId="field-group" label={t('fields.group')}>
          <Select
            id="field-group"
            value={draft.group}
            options={GROUPS.map((group) => ({ value: group, label: t(`groups.${group}`) }))}
            onChange={(group) => patch({ group: group as FieldGroup })}
          />
        </FormField>
        {!isDerived && (
          <Checkbox isChecked={draft.isRequired} onChange={(isRequired) => patch({ isRequired })} label={t('fields.is_required')} />
        )}
      </form>
    </Dialog>
  );
}

/** What the server refused; its sentence names the part by itself. */
function ServerProblem({ error, text }: { error: unknown; text: string }) {
  const codeText = useCodeText();
  const problems = [...fieldProblems(error).values()].flat();
  return (
    <Banner tone="error">
      {problems.length > 0 ? problems.map((problem) => codeText(problem.code, problem.params)).join(' ') : text}
    </Banner>
  );
}
