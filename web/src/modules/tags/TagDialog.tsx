import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import { replaceInAll } from '@/api/sets';
import type { Field, FieldValue, ObjectType, OptionColor, Values } from '@/api/types';
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import { fieldEditors } from '@/fields/editors';
import { asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { isSameValue, toWrite } from '@/records/editing/same-value';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Badge } from '@/ui/Badge';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextArea, TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './Tags.module.css';

const FORM_ID = 'tag-form';
const NAMES = ['name', 'color', 'groups', 'description'] as const;

export interface TagDialogProps {
  type: ObjectType;
  /** The tag to change; null makes one. */
  item: VocabularyItem | null;
  onClose: () => void;
}

/** A tag: its name and colour, for whom it is meant, what it means. */
export function TagDialog({ type, item, onClose }: TagDialogProps) {
  const { t } = useTranslation('tags');
  const client = useQueryClient();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { showDone } = useUndoWithToast();
  const create = useCreateRecord(type.name);
  const change = useChangeRecord(type.name);
  const kept = useDraft(`tag.${item?.record.id ?? 'new'}`, item === null ? t('new_title') : t('edit_title', { name: item.title }));
  const [values, setValues] = useKept<Values>(kept, 'values', item?.record.values ?? {});
  const [isMissing, setIsMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(newIdempotencyKey());
  const error = create.error ?? change.error;
  const refused = fieldProblems(error);
  const isPlaced = NAMES.some((name) => refused.has(name));
  const fieldOf = (name: (typeof NAMES)[number]): Field | undefined => type.fields.find((field) => field.name === name);
  const groups = fieldOf('groups');

  useEffect(() => {
    if (isMissing || error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [isMissing, error]);

  function put(name: (typeof NAMES)[number], value: FieldValue): void {
    setValues({ ...values, [name]: value });
    setIsMissing(false);
    create.reset();
    change.reset();
    key.current = newIdempotencyKey();
  }

  function problemOf(name: (typeof NAMES)[number]): string | undefined {
    if (name === 'name' && isMissing) return codeText('required');
    const problem = refused.get(name)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (asText(values.name).trim() === '') {
      setIsMissing(true);
      return;
    }
    const before = item?.record.values ?? {};
    const changed = NAMES.filter((name) => !isSameValue(before[name], values[name]));
    const written = Object.fromEntries(changed.map((name) => [name, values[name] === '' ? null : toWrite(values[name])]));
    if (item === null) {
      create.mutate(
        { values: written, idempotencyKey: key.current },
        {
          onSuccess: ({ record }) => {
            showToast(t('created', { name: record.title }));
            onClose();
          },
        },
      );
    } else if (changed.length === 0) {
      onClose();
    } else {
      change.mutate(
        { id: item.id, version: item.record.version, values: written },
        {
          onSuccess: ({ record, operation_id: operation }) => {
            replaceInAll(client, type.name, record);
            forgetRecords(client, type.name);
            showDone(t('changed', { name: record.title }), operation);
            onClose();
          },
        },
      );
    }
  }

  const nameProblem = problemOf('name');
  return (
    <Dialog
      title={item === null ? t('new_title') : t('edit_title', { name: item.title })}
      size="small"
      isDirty={NAMES.some((name) => !isSameValue(item?.record.values[name], values[name]))}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t(item === null ? 'create' : 'save')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {error !== null && !isPlaced && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="tag-name" label={t('name')} isRequired error={nameProblem}>
          <TextInput
            id="tag-name"
            autoComplete="off"
            data-autofocus=""
            value={asText(values.name)}
            isInvalid={nameProblem !== undefined}
            aria-describedby={nameProblem === undefined ? undefined : errorId('tag-name')}
            onChange={(event) => put('name', event.target.value)}
          />
        </FormField>
        <ColorChoice field={fieldOf('color')} value={asText(values.color)} onChange={(color) => put('color', color)} />
        {groups !== undefined && (
          <FormField controlId="tag-groups" label={t('groups')} hint={t('groups_hint')} error={problemOf('groups')}>
            <SetInput field={groups} value={values.groups} onChange={(value) => put('groups', value)} />
          </FormField>
        )}
        <FormField controlId="tag-description" label={t('description')} error={problemOf('description')}>
          <TextArea id="tag-description" value={asText(values.description)} onChange={(event) => put('description', event.target.value)} />
        </FormField>
      </form>
    </Dialog>
  );
}

function SetInput({ field, value, onChange }: { field: Field; value: FieldValue; onChange: (value: FieldValue) => void }) {
  const { Input } = fieldEditors(field.kind);
  return <Input id="tag-groups" field={field} value={value} problems={[]} onChange={onChange} />;
}

/** The colours of the catalog, each as the tag would look in it. */
function ColorChoice({ field, value, onChange }: { field: Field | undefined; value: string; onChange: (color: string | null) => void }) {
  const { t } = useTranslation('tags');
  const format = useFormat();
  if (field === undefined) return null;
  const options: { key: string; label: string; color: OptionColor | null }[] = [
    { key: '', label: t('no_color'), color: null },
    ...(field.settings.options ?? [])
      .filter((option) => option.is_retired !== true)
      .map((option) => ({ key: option.key, label: format.label(option.labels), color: option.color ?? null })),
  ];
  return (
    <fieldset className={styles.colors}>
      <legend className={styles.legend}>{format.label(field.labels)}</legend>
      {options.map((option) => (
        <label key={option.key} className={styles.color}>
          <input
            type="radio"
            name="tag-color"
            className={styles.radio}
            checked={value === option.key}
            onChange={() => onChange(option.key === '' ? null : option.key)}
          />
          <span className={styles.sample}>{option.key === '' ? option.label : <Badge color={option.color}>{option.label}</Badge>}</span>
        </label>
      ))}
    </fieldset>
  );
}
