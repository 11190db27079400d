import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { useCreateUser, type NewUser } from '@/api/users';
import { useRoles } from '@/api/roles';
import type { FieldProblem } from '@/api/types';
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
import { newPassword } from './new-password';
import { PasswordField } from './PasswordField';
import styles from './UsersScreen.module.css';

const FORM_ID = 'create-user';

/** A new colleague with a first password; he may change it in his profile. */
export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('users');
  const { language } = useSession().installation;
  const errorText = useErrorText();
  const codeText = useCodeText();
  const create = useCreateUser();
  const form = useRef<HTMLFormElement>(null);
  const [user, setUser] = useState<NewUser>(() => ({ name: '', login: '', password: newPassword(), roles: [], language, makes_card: true }));
  const [missing, setMissing] = useState<readonly (keyof NewUser)[]>([]);
  const roles = useRoles();
  const standard = roles.find((role) => role.values.key === 'employee');
  const chosen = roles.find((role) => role.id === user.roles[0]) ?? standard;
  const refused = fieldProblems(create.error);
  const isPlaced = (['name', 'login', 'password', 'roles', 'language'] as const).some((key) => refused.has(key));

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
    create.mutate({ ...user, roles: chosen === undefined ? [] : [chosen.id] }, {
      onSuccess: () => {
        showToast(t('created', { name: user.name }));
        onClose();
      },
    });
  }

  function hintOf(key: unknown): string | undefined {
    return key === 'employee' || key === 'supervisor' || key === 'administrator' ? t(`role_hints.${key}`) : undefined;
  }

  function textField(key: 'name' | 'login', hint?: string) {
    const problem = problemOf(key);
    const id = `new-user-${key}`;
    return (
      <FormField
        controlId={id}
        label={t(key)}
        isRequired
        hint={hint}
        error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
      >
        <TextInput
          id={id}
          autoComplete="off"
          spellCheck={false}
          value={user[key]}
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
      isDirty={user.name !== '' || user.login !== ''}
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
        {textField('login', t('login_hint'))}
        <PasswordField
          id="new-user-password"
          value={user.password}
          problem={problemOf('password')}
          onChange={(password) => patch({ password })}
        />
        <div className={styles.pair}>
          <FormField controlId="new-user-role" label={t('role')} hint={asText(chosen?.values.description) || hintOf(chosen?.values.key)}>
            <Select
              id="new-user-role"
              value={chosen === undefined ? '' : String(chosen.id)}
              options={roles.map((role) => ({ value: String(role.id), label: role.title }))}
              onChange={(id) => patch({ roles: [Number(id)] })}
            />
          </FormField>
          <FormField controlId="new-user-language" label={t('language')}>
            <Select
              id="new-user-language"
              value={user.language}
              options={LANGUAGES.map((key) => ({ value: key, label: LANGUAGE_NAMES[key] }))}
              onChange={(key) => patch({ language: key })}
            />
          </FormField>
        </div>
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
