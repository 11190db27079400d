import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { useCreateUser, type NewUser } from '@/api/users';
import { useRoles } from '@/api/roles';
import type { FieldProblem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { copyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { LANGUAGE_NAMES, LANGUAGES } from '@/util/languages';
import { EmploymentFields } from './EmploymentFields';
import { newPassword } from './new-password';
import { PasswordField } from './PasswordField';
import { useGiveRights } from './use-give-rights';
import { NO_RIGHTS, UserRights, type RightsOfUser } from './UserRights';
import styles from './UsersScreen.module.css';

const FORM_ID = 'create-user';

/** A new colleague with a first password; he may change it in his profile. */
export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('users');
  const { language } = useSession().installation;
  const errorText = useErrorText();
  const codeText = useCodeText();
  const create = useCreateUser();
  const giveRights = useGiveRights();
  const form = useRef<HTMLFormElement>(null);
  const [user, setUser] = useState<NewUser>(() => ({ name: '', login: '', password: newPassword(), roles: [], language, makes_card: true, user_kind: 'employee', active_until: null }));
  const [missing, setMissing] = useState<readonly (keyof NewUser)[]>([]);
  const roles = useRoles();
  const standard = roles.find((role) => role.values.key === 'employee');
  // Null until something is chosen: then he is what most are.
  const [chosen, setChosen] = useState<RightsOfUser | null>(null);
  const rights: RightsOfUser =
    chosen ?? (standard === undefined ? NO_RIGHTS : { ...NO_RIGHTS, roles: [{ id: standard.id, title: standard.title, type: standard.type }] });
  const refused = fieldProblems(create.error);
  const isPlaced = (['name', 'login', 'email', 'password', 'roles', 'language', 'active_until'] as const).some((key) => refused.has(key));

  useEffect(() => {
    if (create.isError || missing.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [create.isError, create.error, missing]);

  function problemOf(key: keyof NewUser): FieldProblem | undefined {
    return missing.includes(key) ? { pointer: `/${key}`, code: 'required' } : refused.get(key)?.[0];
  }

  function patch(part: Partial<NewUser>): void {
    setUser({ ...user, ...part });
    setMissing(missing.filter((key) => !(key in part)));
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const empty = (['name', 'login', 'password'] as const).filter((key) => user[key].trim() === '');
    setMissing(empty);
    if (empty.length > 0) return;
    if (!create.isPending) void save();
  }

  async function save(): Promise<void> {
    try {
      const { email, ...rest } = user;
      const { record } = await create.mutateAsync({ ...rest, ...(email === undefined || email.trim() === '' ? {} : { email: email.trim() }), roles: rights.roles.map((role) => role.id) });
      onClose();
      try {
        await giveRights(record, rights);
        const handedOver = `${user.login.trim()}\n${user.password}`;
        showToast(t('created', { name: user.name }), { action: { label: t('copy_access'), onPress: () => void copyText(handedOver, t('access_copied')) } });
      } catch (error) {
        // The user is there; what is missing is said and can be added.
        showToast(t('created_in_part', { name: user.name, reason: errorText(error) }), { tone: 'error' });
      }
    } catch {
      // Told in the dialog.
    }
  }

  function textField(key: 'name' | 'login' | 'email', hint?: string) {
    const problem = problemOf(key);
    const id = `new-user-${key}`;
    return (
      <FormField
        controlId={id}
        label={t(key)}
        isRequired={key !== 'email'}
        hint={hint}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <TextInput
          id={id}
          autoComplete="off"
          spellCheck={false}
          value={user[key] ?? ''}
          isInvalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : errorId(id)}
          data-autofocus={key === 'name' ? '' : undefined}
          onChange={(event) => patch({ [key]: event.target.value })}
        />
      </FormField>
    );
  }

  return (
    <Dialog
      title={t('create_title')}
      isDirty={user.name !== '' || user.login !== '' || chosen !== null}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form ref={form} id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {create.isError && !isPlaced && <Banner tone="error">{errorText(create.error)}</Banner>}
        {textField('name')}
        {textField('email', t('email_hint'))}
        {textField('login', t('login_hint'))}
        <PasswordField
          id="new-user-password"
          value={user.password}
          problem={problemOf('password')}
          onChange={(password) => patch({ password })}
        />
        <EmploymentFields prefix="new-user" value={user} problems={refused} onChange={patch} />
        <UserRights prefix="new-user" userId={null} value={rights} problems={refused} onChange={setChosen} />
        <FormField controlId="new-user-language" label={t('language')}>
          <Select
            id="new-user-language"
            value={user.language}
            options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
            onChange={(key) => patch({ language: key })}
          />
        </FormField>
        <div>
          <Checkbox
            isChecked={user.makes_card}
            aria-describedby="new-user-card-hint"
            label={t('makes_card')}
            onChange={(makesCard) => patch({ makes_card: makesCard })}
          />
          <p id="new-user-card-hint" className={styles.hint}>
            {t('makes_card_hint')}
          </p>
        </div>
      </form>
    </Dialog>
  );
}
