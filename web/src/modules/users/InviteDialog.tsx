import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useInvite, type InvitationInput, type InvitationLink } from '@/api/invitations';
import { useSession } from '@/api/session';
import { useRoles } from '@/api/roles';
import { asText } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { LANGUAGE_NAMES, LANGUAGES } from '@/util/languages';
import { InvitationLinkDialog } from './InvitationLinkDialog';
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
  const [input, setInput] = useState<InvitationInput>({ name: '', email: '', roles: [], language, makes_card: true });
  const roles = useRoles();
  const chosen = roles.find((role) => role.id === input.roles[0]) ?? roles.find((role) => role.values.key === 'employee');
  const refused = fieldProblems(invite.error);
  const isPlaced = TEXTS.some((key) => refused.has(key));

  useEffect(() => {
    if (invite.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [invite.isError, invite.error]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    invite.mutate({ ...input, roles: chosen === undefined ? [] : [chosen.id] }, {
      onSuccess: ({ invitation }) => {
        if (!invitation.is_mailed) return setLink(invitation);
        showToast(t('invited_by_mail', { name: input.name }));
        onClose();
      },
    });
  }

  function hintOf(key: unknown): string | undefined {
    return key === 'employee' || key === 'supervisor' || key === 'administrator' ? t(`role_hints.${key}`) : undefined;
  }

  if (link !== null) return <InvitationLinkDialog name={input.name} link={link} isInsteadOfMail onClose={onClose} />;
  return (
    <Dialog
      title={t('invite_title')}
      isDirty={input.name !== '' || input.email !== ''}
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
        <div className={styles.pair}>
          <FormField controlId="invite-role" label={t('role')} hint={asText(chosen?.values.description) || hintOf(chosen?.values.key)}>
            <Select
              id="invite-role"
              value={chosen === undefined ? '' : String(chosen.id)}
              options={roles.map((role) => ({ value: String(role.id), label: role.title }))}
              onChange={(id) => setInput({ ...input, roles: [Number(id)] })}
            />
          </FormField>
          <FormField controlId="invite-language" label={t('language')}>
            <Select
              id="invite-language"
              value={input.language}
              options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
              onChange={(key) => setInput({ ...input, language: key })}
            />
          </FormField>
        </div>
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
