import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCopyRights } from '@/api/access';
import { fieldProblems, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { FieldValue, ObjectType, RecordItem, RecordReference, Values } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { fieldEditors } from '@/fields/editors';
import { asReference, asReferences, asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { isSameValue, toWrite } from '@/records/editing/same-value';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { asTeam, teamsOfQuery, useSetTeams } from '@/records/teams';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { timeZoneOptions } from '@/util/time-zones';
import { UserRights, type RightsOfUser } from './UserRights';
import styles from './UsersScreen.module.css';

/** What an administrator sets for somebody; the login stays, history refers to it. */
const FIELDS = ['name', 'photo', 'email', 'user_kind', 'active_until', 'language', 'time_zone'];
/** Those of them that say what he may do. */
const RIGHTS = ['roles', 'head'] as const;
const FORM_ID = 'change-user';

export interface ChangeUserDialogProps {
  type: ObjectType;
  user: RecordItem;
  /** It was opened to take a colleague's rights over. */
  startsWithCopy?: boolean;
  onClose: () => void;
}

export function ChangeUserDialog({ type, user, startsWithCopy = false, onClose }: ChangeUserDialogProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const errorText = useErrorText();
  const session = useSession();
  const client = useQueryClient();
  const change = useChangeRecord('user');
  const setTeams = useSetTeams();
  const copy = useCopyRights();
  const { showDone } = useUndoWithToast();
  const teams = useQuery(teamsOfQuery(user.id));
  const stored: RightsOfUser = {
    roles: asReferences(user.values.roles),
    head: asReference(user.values.head),
    teams: teams.data?.map(asTeam) ?? [],
  };
  // Null until something is chosen: the teams may come later than the dialog.
  const kept = useDraft(`user.${user.id}`, t('change_title', { name: user.title }));
  const [chosen, setChosen] = useKept<RightsOfUser | null>(kept, 'rights', null);
  const rights = chosen ?? stored;
  const [values, setValues] = useKept<Values>(kept, 'values', user.values);
  const fields = type.fields.filter((field) => FIELDS.includes(field.name) && field.access === 'write' && !field.is_read_only);
  const problems = fieldProblems(change.error ?? copy.error);
  const isPlaced = [...fields.map((field) => field.name), ...RIGHTS].some((name) => problems.has(name));
  const areRolesOther = !isSameSet(stored.roles, rights.roles);
  const areTeamsOther = !isSameSet(stored.teams, rights.teams);
  const isHeadOther = stored.head?.id !== rights.head?.id;
  const isDirty = areRolesOther || areTeamsOther || isHeadOther || fields.some((field) => !isSameValue(user.values[field.name], values[field.name]));
  const endsOwnSession = user.id === session.user.id && areRolesOther;
  const isBusy = change.isPending || setTeams.isPending || copy.isPending;
  const error = change.error ?? setTeams.error ?? copy.error;

  async function save(): Promise<void> {
    const changed: [string, FieldValue][] = fields
      .filter((field) => !isSameValue(user.values[field.name], values[field.name]))
      .map((field) => [field.name, toWrite(values[field.name])]);
    const { from } = rights;
    if (from === undefined && areRolesOther) changed.push(['roles', rights.roles.map((role) => role.id)]);
    if (from === undefined && isHeadOther) changed.push(['head', rights.head?.id ?? null]);
    try {
      if (from === undefined && areTeamsOther) {
        await setTeams.mutateAsync({ userId: user.id, before: stored.teams.map(({ id }) => id), after: rights.teams.map(({ id }) => id) });
      }
      const shown: Values = { ...Object.fromEntries(changed), ...(from === undefined && { roles: rights.roles, head: rights.head }) };
      if (changed.length > 0) await change.mutateAsync({ id: user.id, version: user.version, values: Object.fromEntries(changed), shown });
      if (from !== undefined) {
        const { operation_id: operation } = await copy.mutateAsync({ id: user.id, from: from.id });
        showDone(t('rights.taken', { name: user.title, from: from.title }), operation);
      } else if (isDirty) showToast(t('changed', { name: user.title }));
      if (isDirty) forgetRecords(client, 'user');
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isBusy) void save();
  }

  return (
    <Dialog
      title={t('change_title', { name: user.title })}
      isDirty={isDirty}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={isBusy}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {error !== null && !isPlaced && <Banner tone="error">{errorText(error)}</Banner>}
        {endsOwnSession && <Banner tone="warning">{t('own_role')}</Banner>}
        {fields.map((field, index) => {
          const { Input } = fieldEditors(field.kind);
          const id = `user-${field.name}`;
          const own = problems.get(field.name) ?? [];
          return (
            <div key={field.name}>
              <FormField controlId={id} label={format.label(field.labels)} isRequired={field.is_required}>
                {field.name === 'time_zone' ? (
                  <Select
                    id={id}
                    value={asText(values.time_zone)}
                    options={timeZoneOptions(asText(values.time_zone), format.language, new Date())}
                    isInvalid={own.length > 0}
                    onChange={(zone) => setValues({ ...values, time_zone: zone })}
                  />
                ) : (
                  <Input
                    id={id}
                    field={field}
                    value={values[field.name]}
                    problems={own}
                    describedBy={own.length > 0 ? errorId(id) : undefined}
                    hasAutoFocus={index === 0 && !startsWithCopy}
                    onChange={(value) => setValues({ ...values, [field.name]: value })}
                  />
                )}
              </FormField>
              {own.map((problem) => (
                <ProblemText key={problem.code} id={errorId(id)} problem={problem} />
              ))}
            </div>
          );
        })}
        <UserRights prefix="user" userId={user.id} value={rights} problems={problems} startsWithCopy={startsWithCopy} onChange={setChosen} />
      </form>
    </Dialog>
  );
}

function isSameSet(before: readonly RecordReference[], after: readonly RecordReference[]): boolean {
  return before.length === after.length && before.every(({ id }) => after.some((other) => other.id === id));
}
