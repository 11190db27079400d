import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import { useObjectType } from '@/api/catalog';
import type { FieldValue, RecordItem } from '@/api/types';
import { fieldEditors } from '@/fields/editors';
import { asReferences } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { isSameValue, toWrite } from '@/records/editing/same-value';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import styles from './Teams.module.css';

const FORM_ID = 'team-form';

export interface TeamDialogProps {
  /** Null for a new one. */
  team: RecordItem | null;
  onClose: () => void;
}

/** What a team is called and who belongs to it. */
export function TeamDialog({ team, onClose }: TeamDialogProps) {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const field = useObjectType('team')?.fields.find((candidate) => candidate.name === 'members');
  const client = useQueryClient();
  const create = useCreateRecord('team');
  const change = useChangeRecord('team');
  const { showDone } = useUndoWithToast();
  const kept = useDraft(`team.${team?.id ?? 'new'}`, team?.title ?? t('teams.new'));
  const [name, setName] = useKept(kept, 'name', team?.title ?? '');
  const [members, setMembers] = useKept<FieldValue>(kept, 'members', team?.values.members ?? []);
  const error = create.error ?? change.error;
  const problem = fieldProblems(error).get('name')?.[0];
  const isDirty = name !== (team?.title ?? '') || !isSameValue(team?.values.members, members);
  if (field === undefined) return null;
  const { Input } = fieldEditors(field.kind);

  async function save(): Promise<void> {
    const values = { name: name.trim(), members: toWrite(members) };
    try {
      const { operation_id: operation } =
        team === null
          ? await create.mutateAsync({ values, idempotencyKey: newIdempotencyKey() })
          : await change.mutateAsync({ id: team.id, version: team.version, values, shown: { name: values.name, members } });
      forgetRecords(client, 'team');
      showDone(t(team === null ? 'teams.made' : 'teams.saved', { name: values.name }), operation);
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  return (
    <Dialog
      title={team === null ? t('teams.new') : team.title}
      isDirty={isDirty}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t(team === null ? 'teams.make' : 'save')}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (!create.isPending && !change.isPending) void save();
        }}
      >
        <DraftNotice draft={kept} />
        {error !== null && problem === undefined && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="team-name" label={t('teams.name')} isRequired error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
          <TextInput
            id="team-name"
            autoComplete="off"
            data-autofocus=""
            value={name}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('team-name')}
            onChange={(event) => setName(event.target.value)}
          />
        </FormField>
        <FormField controlId="team-members" label={format.label(field.labels)} hint={t('teams.members_hint', { count: asReferences(members).length })}>
          <Input id="team-members" field={field} value={members} problems={[]} onChange={setMembers} />
        </FormField>
      </form>
    </Dialog>
  );
}
