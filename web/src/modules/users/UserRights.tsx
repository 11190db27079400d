import { IconCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { recordQuery } from '@/api/records';
import type { FieldProblem, RecordReference } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { asReference, asReferences } from '@/fields/values';
import { asTeam, teamsOfQuery } from '@/records/teams';
import { errorId, FormField } from '@/ui/FormField';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { RecordChips } from './RecordChips';
import styles from './UserRights.module.css';

/** What a user may do follows from these. */
export interface RightsOfUser {
  roles: readonly RecordReference[];
  teams: readonly RecordReference[];
  head: RecordReference | null;
  /** The colleague whose rights these are, unchanged. */
  from?: RecordReference;
}

export const NO_RIGHTS: RightsOfUser = { roles: [], teams: [], head: null };

export interface UserRightsProps {
  /** In front of the ids of its controls. */
  prefix: string;
  /** Null for a user who is not there yet. */
  userId: number | null;
  value: RightsOfUser;
  onChange: (value: RightsOfUser) => void;
  /** What the server refused, by field. */
  problems: ReadonlyMap<string, readonly FieldProblem[]>;
  /** The dialog was opened to take a colleague's rights over. */
  startsWithCopy?: boolean;
}

/** Roles, teams and the head of a user; all three may be taken over from a colleague in one step. */
export function UserRights({ prefix, userId, value, onChange, problems, startsWithCopy = false }: UserRightsProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const client = useQueryClient();
  const errorText = useErrorText();
  const type = useObjectType('user');
  const [colleague, setColleague] = useState<RecordReference | null>(null);
  const notSelf = userId === null ? 'is_active = true' : `is_active = true and id != ${userId}`;
  const label = (name: string): string => format.label(type?.fields.find((field) => field.name === name)?.labels);
  const refused = (name: string): readonly FieldProblem[] => problems.get(name) ?? [];

  async function copyFrom(chosen: RecordReference | null): Promise<void> {
    setColleague(chosen);
    if (chosen === null) return;
    try {
      const [user, teams] = await Promise.all([
        client.fetchQuery({ ...recordQuery('user', chosen.id), staleTime: 0 }),
        client.fetchQuery({ ...teamsOfQuery(chosen.id), staleTime: 0 }),
      ]);
      const head = asReference(user.values.head);
      onChange({
        roles: asReferences(user.values.roles),
        teams: teams.map(asTeam),
        // Nobody reports to himself.
        head: head !== null && head.id === userId ? value.head : head,
        from: chosen,
      });
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  return (
    <fieldset className={styles.rights}>
      <legend className={styles.legend}>{t('rights.title')}</legend>
      <div className={styles.copy}>
        <FormField controlId={`${prefix}-copy`} label={t('rights.copy')} hint={value.from !== undefined ? undefined : t('rights.copy_hint')}>
          <RecordPicker
            id={`${prefix}-copy`}
            target="user"
            filter={notSelf}
            value={colleague}
            hasAutoFocus={startsWithCopy}
            placeholder={t('rights.copy_placeholder')}
            onChange={(chosen) => void copyFrom(chosen)}
          />
        </FormField>
        <p className={styles.taken} role="status">
          {value.from !== undefined && (
            <>
              <IconCheck size={16} aria-hidden="true" />
              {t('rights.copied', { name: value.from.title })}
            </>
          )}
        </p>
      </div>
      <div>
        <FormField controlId={`${prefix}-roles`} label={label('roles')} hint={value.roles.length === 0 ? t('rights.no_roles') : t('rights.roles_add_up')}>
          <RecordChips
            id={`${prefix}-roles`}
            target="role"
            label={label('roles')}
            records={value.roles}
            placeholder={t('rights.add_role')}
            isInvalid={refused('roles').length > 0}
            onChange={(roles) => onChange({ ...value, roles, from: undefined })}
          />
        </FormField>
        {refused('roles').map((problem) => (
          <ProblemText key={problem.code} id={errorId(`${prefix}-roles`)} problem={problem} />
        ))}
      </div>
      <FormField controlId={`${prefix}-teams`} label={t('rights.teams')}>
        <RecordChips
          id={`${prefix}-teams`}
          target="team"
          label={t('rights.teams')}
          records={value.teams}
          placeholder={t('rights.add_team')}
          isInvalid={false}
          onChange={(teams) => onChange({ ...value, teams, from: undefined })}
        />
      </FormField>
      <div>
        <FormField controlId={`${prefix}-head`} label={label('head')} hint={t('rights.head_hint')}>
          <RecordPicker
            id={`${prefix}-head`}
            target="user"
            filter={notSelf}
            value={value.head}
            placeholder={t('rights.no_head')}
            isInvalid={refused('head').length > 0}
            onChange={(head) => onChange({ ...value, head, from: undefined })}
          />
        </FormField>
        {refused('head').map((problem) => (
          <ProblemText key={problem.code} id={errorId(`${prefix}-head`)} problem={problem} />
        ))}
      </div>
    </fieldset>
  );
}

