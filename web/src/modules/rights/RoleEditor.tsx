import { IconArrowLeft } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRehearseRole, type AccessOptions, type Rehearsal, type Rights } from '@/api/access';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord, useCreateRecord } from '@/api/records';
import type { BuiltInRole } from '@/api/roles';
import { isSessionOver } from '@/api/session';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { keepClear } from '@/ui/keep-clear';
import { Page } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { FeatureSwitches } from './FeatureSwitches';
import { RehearsalDialog } from './RehearsalDialog';
import { isSameRights, tidyRights } from './rights';
import styles from './Role.module.css';
import { SecondStepSwitch } from './SecondStepSwitch';
import { TypeRightsEditor } from './TypeRightsEditor';

export interface RoleDraft {
  name: string;
  description: string;
  rights: Rights;
}

const BASES: readonly BuiltInRole[] = ['employee', 'supervisor'];

interface RoleEditorProps {
  /** Null for a new one. */
  role: RecordItem | null;
  stored: RoleDraft;
  options: AccessOptions;
}

/** A role as a page: what it is called, which records it reaches, which fields it shows, which parts of the program it opens. */
export function RoleEditor({ role, stored, options }: RoleEditorProps) {
  const { t } = useTranslation('rights');
  const codeText = useCodeText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = useCreateRecord('role');
  const change = useChangeRecord('role');
  const rehearse = useRehearseRole();
  const { showDone } = useUndoWithToast();
  // Null until something is changed; then with the version that was looked at.
  const kept = useDraft(`role.${role?.id ?? 'new'}`, role?.title ?? t('role.new'));
  const [edited, setEdited] = useKept<(RoleDraft & { version: number }) | null>(kept, 'edited', null);
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(null);
  const isSaved = useRef(false);
  const draft = edited ?? stored;
  const key = asText(role?.values.key);
  const isAdministrator = key === 'administrator';
  const areRightsOther = !isSameRights(draft.rights, stored.rights);
  const isDirty = edited !== null && (areRightsOther || draft.name !== stored.name || draft.description !== stored.description);
  const blocker = useBlocker({ shouldBlockFn: () => isDirty && !isSaved.current && !isSessionOver(client), enableBeforeUnload: () => isDirty && !isSaved.current, withResolver: true });
  const error = create.error ?? change.error ?? rehearse.error;
  const nameProblem = fieldProblems(error).get('name')?.[0];
  const isBusy = create.isPending || change.isPending || rehearse.isPending;

  function put(part: Partial<RoleDraft>): void {
    setEdited({ version: role?.version ?? 0, ...draft, ...part });
    for (const request of [create, change, rehearse]) if (request.isError) request.reset();
  }

  async function write(): Promise<boolean> {
    const rights = JSON.stringify(tidyRights(draft.rights));
    const text = { name: draft.name, description: draft.description.trim() === '' ? null : draft.description };
    try {
      if (role === null) {
        const { record } = await create.mutateAsync({ values: { ...text, rights }, idempotencyKey: newIdempotencyKey() });
        isSaved.current = true;
        showToast(t('role.made', { name: record.title }));
        void navigate({ ...paths.role(record.id), replace: true });
        return true;
      }
      const values = { ...text, ...(areRightsOther && { rights }) };
      const { operation_id: operation } = await change.mutateAsync({ id: role.id, version: edited?.version ?? role.version, values });
      setEdited(null);
      forgetRecords(client, 'role');
      showDone(t('role.saved', { name: draft.name }), operation);
      return true;
    } catch {
      // Shown above the buttons.
      return false;
    } finally {
      setRehearsal(null);
    }
  }

  /** Saves, or shows first what would come of it; answers whether it is saved. */
  async function submit(): Promise<boolean> {
    if (isBusy) return false;
    if (role === null || !areRightsOther) return write();
    try {
      const found = await rehearse.mutateAsync({ role_id: role.id, rights: tidyRights(draft.rights) });
      if (found.people_count === 0) return await write();
      setRehearsal(found);
    } catch {
      // Shown above the buttons.
    }
    return false;
  }

  return (
    <Page isInner width="list" title={role === null ? t('role.new') : role.title} intro={isAdministrator ? undefined : t('role.intro')}>
      <Link {...paths.roles()} className={styles.back}>
        <IconArrowLeft size={16} aria-hidden="true" />
        {t('roles.title')}
      </Link>
      <DraftNotice draft={kept} />
      {isAdministrator && <Banner tone="info">{t('role.administrator')}</Banner>}
      <div className={styles.head}>
        <FormField
          controlId="role-name"
          label={t('role.name')}
          isRequired
          error={nameProblem === undefined ? undefined : codeText(nameProblem.code, nameProblem.params)}
        >
          <TextInput
            id="role-name"
            autoComplete="off"
            value={draft.name}
            isInvalid={nameProblem !== undefined}
            aria-describedby={nameProblem === undefined ? undefined : errorId('role-name')}
            onChange={(event) => put({ name: event.target.value })}
          />
        </FormField>
        <FormField controlId="role-description" label={t('role.description')}>
          <TextInput id="role-description" autoComplete="off" value={draft.description} onChange={(event) => put({ description: event.target.value })} />
        </FormField>
        {key === '' && (
          <FormField controlId="role-base" label={t('role.base')} hint={t('role.base_hint')}>
            <Select
              id="role-base"
              value={draft.rights.base ?? ''}
              emptyLabel={t('role.base_nothing')}
              options={BASES.map((base) => ({ value: base, label: t(`as.${base}`) }))}
              onChange={(base) => put({ rights: { ...draft.rights, base: BASES.find((known) => known === base) ?? null } })}
            />
          </FormField>
        )}
      </div>
      <SecondStepSwitch rights={draft.rights} isStored={stored.rights.needs_second_step === true} onChange={(rights) => put({ rights })} />
      {!isAdministrator && (
        <>
          {options.types.map(({ type }) => (
            <TypeRightsEditor key={type} typeName={type} options={options} rights={draft.rights} onChange={(rights) => put({ rights })} />
          ))}
          <FeatureSwitches options={options} rights={draft.rights} onChange={(rights) => put({ rights })} />
        </>
      )}
      {(isDirty || role === null) && (
        <footer ref={keepClear} className={styles.footer}>
          {error !== null && nameProblem === undefined && <SaveProblem error={error} />}
          <Button look="primary" isBusy={isBusy} onClick={() => void submit()}>
            {t(role === null ? 'role.make' : 'save')}
          </Button>
          {role !== null && <Button onClick={() => setEdited(null)}>{t('role.discard')}</Button>}
        </footer>
      )}
      {rehearsal !== null && (
        <RehearsalDialog name={draft.name} rehearsal={rehearsal} isBusy={change.isPending} onConfirm={() => void write()} onClose={() => setRehearsal(null)} />
      )}
      {blocker.status === 'blocked' && rehearsal === null && (
        <Dialog
          size="small"
          title={t('leave.title')}
          onClose={blocker.reset}
          footer={
            <>
              <Button onClick={blocker.proceed}>{t('leave.drop')}</Button>
              <Button look="primary" data-autofocus="" onClick={blocker.reset}>
                {t('leave.stay')}
              </Button>
            </>
          }
        >
          <p>{t('leave.text')}</p>
        </Dialog>
      )}
    </Page>
  );
}

/** What the server refused, each reason once. */
function SaveProblem({ error }: { error: unknown }) {
  const errorText = useErrorText();
  const codeText = useCodeText();
  const texts = new Set([...fieldProblems(error).values()].flat().map((problem) => codeText(problem.code, problem.params)));
  return <Banner tone="error">{texts.size > 0 ? [...texts].join(' ') : errorText(error)}</Banner>;
}
