import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { keys } from '@/api/keys';
import { useChangeRecord, useCreateRecord } from '@/api/records';
import type { FieldValue, ObjectType } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { asReferences } from '@/fields/values';
import { DraftNotice } from '../drafts/DraftNotice';
import { useDraft, useKept } from '../drafts/use-draft';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import type { ListSearch } from './list-search';
import { writeDefinition, type SavedView, type Sharing } from './saved-views';
import styles from './ViewTabs.module.css';

export interface SaveViewDialogProps {
  type: ObjectType;
  search: ListSearch;
  /** The view to change; null makes a new one. */
  view: SavedView | null;
  onClose: () => void;
  onSaved: (id: number) => void;
}

const NO_PROBLEMS: never[] = [];
const PeopleInput = fieldEditors('reference_set').Input;

/** Keeps what the list shows now under a name, for oneself, for some colleagues or for everyone. */
export function SaveViewDialog({ type, search, view, onClose, onSaved }: SaveViewDialogProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const format = useFormat();
  const client = useQueryClient();
  const kept = useDraft(`view.${type.name}.${view?.id ?? 'new'}`, view?.name ?? t('views.add'));
  const [name, setName] = useKept(kept, 'name', view?.name ?? '');
  const [sharing, setSharing] = useKept<Sharing>(kept, 'sharing', view?.sharing ?? 'private');
  const people = useObjectType('saved_view')?.fields.find((field) => field.name === 'people');
  const [chosen, setChosen] = useKept<FieldValue>(kept, 'people', view?.people.map((person) => ({ ...person })) ?? []);
  const [key] = useState(newIdempotencyKey);
  const create = useCreateRecord('saved_view');
  const change = useChangeRecord('saved_view');
  const error = create.error ?? change.error;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const values = { name: name.trim(), object_type: type.name, definition: writeDefinition(search), sharing, people: sharing === 'people' ? asReferences(chosen).map((person) => person.id) : [] };
    // Read again before the dialog goes: the next save needs the version of this one.
    const done = async ({ record }: { record: { id: number } }): Promise<void> => {
      await client.invalidateQueries({ queryKey: keys.lists('saved_view') });
      onSaved(record.id);
      onClose();
    };
    if (view === null) create.mutate({ values: { ...values, position: Date.now() % 1_000_000_000 }, idempotencyKey: key }, { onSuccess: (answer) => void done(answer) });
    else change.mutate({ id: view.id, version: view.version, values }, { onSuccess: (answer) => void done(answer) });
  }

  return (
    <Dialog
      title={view === null ? t('views.add') : t('views.save_changes')}
      size="small"
      isDirty={name !== (view?.name ?? '')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form="view-form" look="primary" isBusy={create.isPending || change.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id="view-form" className={styles.form} onSubmit={submit}>
        <DraftNotice draft={kept} />
        <FormField controlId="view-name" label={t('views.name')} hint={t('views.hint')} error={error === null ? undefined : errorText(error)}>
          <TextInput id="view-name" required maxLength={100} data-autofocus="" value={name} onChange={(event) => setName(event.target.value)} />
        </FormField>
        <div className={styles.field}>
          <span className={styles.label} aria-hidden="true">
            {t('views.sharing')}
          </span>
          <SegmentedChoice
            label={t('views.sharing')}
            value={sharing}
            options={[
              { value: 'private', label: t('views.private') },
              { value: 'people', label: t('views.some') },
              { value: 'all', label: t('views.everyone') },
            ]}
            onChange={setSharing}
          />
          {sharing === 'people' && people !== undefined && (
            <div className={styles.people}>
              <label htmlFor="view-people" className={styles.label}>
                {format.label(people.labels)}
              </label>
              <PeopleInput id="view-people" field={people} value={chosen} problems={NO_PROBLEMS} describedBy="view-people-hint" onChange={setChosen} />
              <p id="view-people-hint" className={styles.hint}>
                {t('views.some_hint')}
              </p>
            </div>
          )}
          {sharing === 'all' && <p className={styles.hint}>{t('views.everyone_hint')}</p>}
        </div>
      </form>
    </Dialog>
  );
}
