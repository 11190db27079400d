import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddField, useChangeField, useSaveLayout } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import type { Field, FieldKind, ObjectType } from '@/api/types';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useBlockOptions } from '@/records/layout';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { FieldError, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { blockOf, layoutOf, moveField } from './builder/arrangement';
import {
  ADDABLE_KINDS,
  characteristicsOf,
  draftOf,
  draftProblem,
  emptyDraft,
  fieldChangeOf,
  newFieldOf,
  settingsOf,
  type DraftProblem,
  type FieldDraft,
} from './field-draft';
import { FieldCharacteristics } from './FieldCharacteristics';
import styles from './FieldDialog.module.css';
import { KindSettings } from './KindSettings';
import { LabelInputs } from './LabelInputs';

const FORM_ID = 'field-form';
/** Parts of the dialog that tell by themselves what the server refused. */
const TOLD_IN_PLACE = ['default', 'hint', 'shown_if', 'required_if'];

export interface FieldDialogProps {
  type: ObjectType;
  /** The field to change; null adds one. */
  field: Field | null;
  /** The blocks of an arrangement that is not saved yet; it also decides where a field stands, so only a new one is asked. */
  blocks?: readonly { value: string; label: string }[];
  /** Where a new field goes unless told otherwise. */
  block?: string;
  onClose: () => void;
}

/** Adds a field or changes one. The kind of a field never changes: its values would have to. */
export function FieldDialog({ type, field, blocks, block, onClose }: FieldDialogProps) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const codeText = useCodeText();
  const ownBlocks = useBlockOptions(type);
  const add = useAddField(type.name);
  const change = useChangeField(type.name);
  const arrange = useSaveLayout(type.name);
  // A new field is made first and gets its conditions then; refused these, it is there all the same.
  const [made, setMade] = useState<Field | null>(null);
  const current = made ?? field;
  const [start] = useState<FieldDraft>(() => {
    if (field === null) return emptyDraft(type.name, block);
    return { ...draftOf(field), group: blockOf(type.layout, field.name) ?? field.group };
  });
  const kept = useDraft(`field.${type.name}.${field?.name ?? 'new'}`, field === null ? t('fields.add_title') : format.label(field.labels));
  const [draft, setDraft] = useKept(kept, 'draft', start);
  const [problem, setProblem] = useState<DraftProblem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const error = change.error ?? add.error ?? arrange.error;
  const refused = fieldProblems(error);
  const problems = Object.fromEntries(
    TOLD_IN_PLACE.flatMap((name) => (refused.get(name) ?? []).slice(0, 1).map(({ code, params }) => [name, codeText(code, params)])),
  );
  const isDerived = field?.is_read_only === true;
  const isStandard = field !== null && !field.is_custom;

  useEffect(() => {
    if (problem !== null || error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-problem] input, [data-problem] button')?.focus();
  }, [problem, error]);

  function patch(part: Partial<FieldDraft>): void {
    setDraft({ ...draft, ...part });
    setProblem(null);
  }

  async function save(): Promise<void> {
    change.reset();
    let saved: Field;
    if (current === null) {
      saved = await add.mutateAsync(newFieldOf(draft));
      setMade(saved);
      // The options have their keys now: sent again without, they would be new ones.
      setDraft({ ...draft, options: draftOf(saved).options });
      const more = characteristicsOf(draft, draftOf(saved));
      if (Object.keys(more).length > 0) await change.mutateAsync({ name: saved.name, change: more });
    } else {
      saved = await change.mutateAsync({ name: current.name, change: fieldChangeOf(current, draft) });
      const isMoved = blocks === undefined && draft.group !== blockOf(type.layout, current.name);
      if (isMoved) await arrange.mutateAsync(layoutOf(moveField(type.layout, current.name, { block: draft.group, before: null })));
    }
    showToast(t(field === null ? 'fields.added' : 'fields.changed', { name: format.label(saved.labels) }));
    onClose();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = draftProblem(draft);
    setProblem(found);
    // What was refused is shown in the dialog.
    if (found === null) save().catch(() => undefined);
  }

  return (
    <Dialog
      title={field === null ? t('fields.add_title') : t('fields.change_title', { name: format.label(field.labels) })}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={add.isPending || change.isPending || arrange.isPending}>
            {field === null ? t('fields.add') : t('save')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {error !== null && Object.keys(problems).length === 0 && <ServerProblem error={error} />}
        {isStandard ? (
          <p className={styles.fixed}>{t('fields.standard_name')}</p>
        ) : (
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
        )}
        {current === null && (
          <FormField controlId="field-kind" label={t('fields.kind')} hint={t(`fields.kind_hints.${draft.kind}`)}>
            <Select
              id="field-kind"
              value={draft.kind}
              options={ADDABLE_KINDS.map((kind) => ({ value: kind, label: t(`fields.kinds.${kind}`) }))}
              onChange={(kind) => patch({ kind: kind as FieldKind, defaultValue: null })}
            />
          </FormField>
        )}
        <div data-problem={problem !== null && problem !== 'labels' ? '' : undefined} className={styles.settings}>
          <KindSettings draft={draft} isNew={field === null} onChange={patch} />
          {problem !== null && problem !== 'labels' && <FieldError>{t(`fields.problems.${problem}`)}</FieldError>}
        </div>
        {(blocks === undefined || field === null) && (
          <FormField controlId="field-group" label={t('fields.group')}>
            <Select id="field-group" value={draft.group} options={blocks ?? ownBlocks} onChange={(group) => patch({ group })} />
          </FormField>
        )}
        {!isDerived && (
          <Checkbox isChecked={draft.isRequired} onChange={(isRequired) => patch({ isRequired })} label={t('fields.is_required')} />
        )}
        <FieldCharacteristics
          key={draft.kind}
          type={type}
          field={field}
          draft={draft}
          settings={{ ...field?.settings, ...settingsOf(draft) }}
          problems={problems}
          onChange={patch}
        />
      </form>
    </Dialog>
  );
}

/** What the server refused; its sentence names the part by itself. */
function ServerProblem({ error }: { error: unknown }) {
  const codeText = useCodeText();
  const errorText = useErrorText();
  const problems = [...fieldProblems(error).values()].flat();
  return (
    <Banner tone="error">
      {problems.length > 0 ? problems.map((problem) => codeText(problem.code, problem.params)).join(' ') : errorText(error)}
    </Banner>
  );
}
