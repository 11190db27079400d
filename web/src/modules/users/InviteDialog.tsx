import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useInvite, type InvitationInput, type InvitationLink } from '@/api/invitations';
import { useSession } from '@/api/session';
import { useRoles } from '@/api/roles';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { LANGUAGE_NAMES, LANGUAGES } from '@/util/languages';
import { EmploymentFields } from './EmploymentFields';
import { InvitationLinkDialog } from './InvitationLinkDialog';
import { useGiveRights } from './use-give-rights';
import { NO_RIGHTS, UserRights, type RightsOfUser } from './UserRights';
import styles from './UsersScreen.module.css';

const TEXTS = ['name', 'email'] as const;
const FORM_ID = 'invite-user';

/** Somebody new, who chooses login and password himself: by a letter, or by a link that is handed over. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('users');
  const { language } = useSession().installation;
  const errorText = useErrorText();
  const codeText = useCodeText();
  const invite = useInvite();
  const form = useRef<HTMLFormElement>(null);
  const [link, setLink] = useState<InvitationLink | null>(null);
  const kept = useDraft('invitation', t('invite_title'));
  const [input, setInput] = useKept<InvitationInput>(kept, 'input', { name: '', email: '', roles: [], language, makes_card: true, user_kind: 'employee', active_until: null });
  const roles = useRoles();
  const standard = roles.find((role) => role.values.key === 'employee');
  // Null until something is chosen: then he is what most are.
  const [chosen, setChosen] = useKept<RightsOfUser | null>(kept, 'rights', null);
  const rights: RightsOfUser =
    chosen ?? (standard === undefined ? NO_RIGHTS : { ...NO_RIGHTS, roles: [{ id: standard.id, title: standard.title, type: standard.type }] });
  const giveRights = useGiveRights();
  const refused = fieldProblems(invite.error);
  const isPlaced = TEXTS.some((key) => refused.has(key)) || refused.has('roles') || refused.has('active_until');

  useEffect(() => {
    if (invite.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [invite.isError, invite.error]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!invite.isPending) void save();
  }

  async function save(): Promise<void> {
    try {
      const { record, invitation } = await invite.mutateAsync({ ...input, roles: rights.roles.map((role) => role.id) });
      if (invitation.is_mailed) onClose();
      else setLink(invitation);
      try {
        await giveRights(record, rights);
        if (invitation.is_mailed) showToast(t('invited_by_mail', { name: input.name }));
      } catch (error) {
        // The invitation is there; what is missing is said and can be added.
        showToast(t('invited_in_part', { name: input.name, reason: errorText(error) }), { tone: 'error' });
      }
    } catch {
      // Told in the dialog.
    }
  }

  if (link !== null) return <InvitationLinkDialog name={input.name} link={link} isInsteadOfMail onClose={onClose} />;
  return (
    <Dialog
      title={t('invite_title')}
      isDirty={input.name !== '' || input.email !== '' || chosen !== null}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={invite.isPending}>
            {t('send_invitation')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        <p className={styles.muted}>{t('invite_text')}</p>
        {invite.isError && !isPlaced && <Banner tone="error">{errorText(invite.error)}</Banner>}
        {TEXTS.map((key) => {
          const problem = refused.get(key)?.[0];
          const id = `invite-${key}`;
          return (
            <FormField key={key} controlId={id} label={t(key)} isRequired error={problem === undefined ? undefined : codeText(problem.code, problem.params)}>
              <TextInput
                id={id}
                type={key === 'email' ? 'email' : undefined}
                autoComplete="off"
                spellCheck={false}
                value={input[key]}
                isInvalid={problem !== undefined}
                aria-describedby={problem === undefined ? undefined : errorId(id)}
                data-autofocus={key === 'name' ? '' : undefined}
                onChange={(event) => setInput({ ...input, [key]: event.target.value })}
              />
            </FormField>
          );
        })}
        <EmploymentFields prefix="invite" value={input} problems={refused} onChange={(employment) => setInput({ ...input, ...employment })} />
        <UserRights prefix="invite" userId={null} value={rights} problems={refused} onChange={setChosen} />
        <FormField controlId="invite-language" label={t('language')}>
          <Select
            id="invite-language"
            value={input.language}
            options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
            onChange={(key) => setInput({ ...input, language: key })}
          />
        </FormField>
        <div>
          <Checkbox
            isChecked={input.makes_card}
            aria-describedby="invite-card-hint"
            label={t('makes_card')}
            onChange={(makesCard) => setInput({ ...input, makes_card: makesCard })}
          />
          <p id="invite-card-hint" className={styles.hint}>
            {t('makes_card_hint')}
          </p>
        </div>
      </form>
    </Dialog>
  );
}
