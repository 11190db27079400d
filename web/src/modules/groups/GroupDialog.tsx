import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import { replaceInAll } from '@/api/sets';
import type { Vocabulary, VocabularyItem } from '@/fields/reference/vocabulary';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { OptionPicker } from '@/ui/OptionPicker';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { TextArea, TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { draftOfGroup, emptyGroup, groupValues, missingIn, type GroupDraft } from './group-draft';
import { parentOptions } from './group-options';
import styles from './Groups.module.css';
import { RuleField } from './RuleField';

const FORM_ID = 'group-form';
const FIELDS: readonly (keyof GroupDraft)[] = ['name', 'parent', 'rule', 'description'];

export interface GroupDialogProps {
  vocabulary: Vocabulary;
  /** The group to change; null makes one. */
  item: VocabularyItem | null;
  /** Where a new one goes. */
  parentId: number | null;
  onClose: () => void;
}

/** A group: its name, its place in the tree, who belongs to it. */
export function GroupDialog({ vocabulary, item, parentId, onClose }: GroupDialogProps) {
  const { t } = useTranslation('groups');
  const client = useQueryClient();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { showDone } = useUndoWithToast();
  const { type, items, tree } = vocabulary;
  const members = useObjectType(type.members?.type ?? '');
  const create = useCreateRecord(type.name);
  const change = useChangeRecord(type.name);
  const [before] = useState(() => (item === null ? null : draftOfGroup(item)));
  const [start] = useState<GroupDraft>(() => before ?? emptyGroup(parentId));
  const kept = useDraft(`group.${item?.id ?? 'new'}`, item === null ? t('new_title') : t('edit_title', { name: item.title }));
  const [draft, setDraft] = useKept(kept, 'draft', start);
  const [missing, setMissing] = useState<'name' | 'rule' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(newIdempotencyKey());
  const error = create.error ?? change.error;
  const refused = fieldProblems(error);
  const isPlaced = FIELDS.some((name) => refused.has(name));

  useEffect(() => {
    if (missing === null && error === null) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-problem] button')?.focus();
  }, [missing, error]);

  function patch(part: Partial<GroupDraft>): void {
    setDraft({ ...draft, ...part });
    setMissing(null);
    create.reset();
    change.reset();
    key.current = newIdempotencyKey();
  }

  function problemOf(name: keyof GroupDraft): string | undefined {
    if (missing === name) return codeText('required');
    const problem = refused.get(name)?.[0];
    if (problem === undefined) return undefined;
    return problem.code === 'cycle' || problem.code === 'too_deep' ? t(`refused.${problem.code}`) : codeText(problem.code, problem.params);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = missingIn(draft);
    setMissing(found);
    if (found !== null) return;
    const values = groupValues(draft, before);
    if (item === null) {
      create.mutate(
        { values, idempotencyKey: key.current },
        {
          onSuccess: ({ record }) => {
            showToast(t('created', { name: record.title }));
            onClose();
          },
        },
      );
    } else if (Object.keys(values).length === 0) {
      onClose();
    } else {
      change.mutate(
        { id: item.id, version: item.record.version, values },
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

  return (
    <Dialog
      title={item === null ? t('new_title') : t('edit_title', { name: item.title })}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
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
        <FormField controlId="group-name" label={t('name')} isRequired error={problemOf('name')}>
          <TextInput
            id="group-name"
            autoComplete="off"
            data-autofocus=""
            value={draft.name}
            isInvalid={problemOf('name') !== undefined}
            aria-describedby={problemOf('name') === undefined ? undefined : errorId('group-name')}
            onChange={(event) => patch({ name: event.target.value })}
          />
        </FormField>
        <FormField controlId="group-parent" label={t('parent')} error={problemOf('parent')}>
          <OptionPicker
            id="group-parent"
            value={draft.parent}
            emptyLabel={t('top_level')}
            options={parentOptions(items, tree, item?.id ?? null)}
            onChange={(parent) => patch({ parent })}
          />
        </FormField>
        <div className={styles.field}>
          <span className={styles.label} aria-hidden="true">
            {t('kind')}
          </span>
          <SegmentedChoice
            label={t('kind')}
            value={draft.kind}
            options={[
              { value: 'manual', label: t('by_hand') },
              { value: 'smart', label: t('by_rule') },
            ]}
            onChange={(kind) => patch({ kind })}
          />
          <p className={styles.hint}>{t(`kind_hints.${draft.kind}`)}</p>
        </div>
        {draft.kind === 'smart' && members !== undefined && (
          <RuleField type={members} rule={draft.rule} problem={problemOf('rule')} onChange={(rule) => patch({ rule })} />
        )}
        <FormField controlId="group-description" label={t('description')} error={problemOf('description')}>
          <TextArea
            id="group-description"
            value={draft.description}
            isInvalid={problemOf('description') !== undefined}
            onChange={(event) => patch({ description: event.target.value })}
          />
        </FormField>
      </form>
    </Dialog>
  );
}
