import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, pointerTokens, useCodeText, useErrorText } from '@/api/errors';
import { useSaveProvider, type Directory, type IdentityProvider, type ProviderInput } from '@/api/providers';
import { useRoles } from '@/api/roles';
import { asText } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextArea, TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { DIRECTORY_KINDS, keepsSecret, kindOf, newDirectory, withKind, withSecurity } from './directory-draft';
import { DirectoryTrial } from './DirectoryTrial';
import { domainsOf } from './domains';
import styles from './sign-in.module.css';

const FORM_ID = 'directory-form';
const SECURITIES = ['ldaps', 'start_tls', 'none'] as const;

type TextPart = Exclude<keyof Directory, 'port' | 'security' | 'accepts_clear_text'>;

export interface DirectoryDialogProps {
  /** Null for a new one. */
  provider: IdentityProvider | null;
  onClose: () => void;
}

/** A directory (LDAP): where it is, how people are found in it, and whom it lets in. */
export function DirectoryDialog({ provider, onClose }: DirectoryDialogProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const save = useSaveProvider(provider?.id ?? null);
  const roles = useRoles();
  const [start] = useState(() => ({
    name: provider?.name ?? '',
    secret: '',
    is_active: provider?.is_active ?? true,
    links_by_email: provider?.links_by_email ?? false,
    new_user_role: provider?.new_user_role ?? null,
    domains: (provider?.domains ?? []).join(', '),
    directory: provider?.directory ?? newDirectory(),
  }));
  const [draft, setDraft] = useState(start);
  const { directory } = draft;
  const problems = fieldProblems(save.error);
  const problem = (name: string): string | undefined => {
    // Those of the directory stand one step deeper.
    const [first = '', inside] = name.split('/');
    const found = problems.get(first)?.find(({ pointer }) => pointerTokens(pointer)[1] === inside);
    return found === undefined ? undefined : codeText(found.code, found.params);
  };
  const keeps = provider?.has_secret === true && provider.directory !== null && keepsSecret(directory, provider.directory);
  const givable = roles.filter(({ values }) => asText(values.key) !== 'administrator');

  function put(part: Partial<typeof draft>): void {
    setDraft({ ...draft, ...part });
    if (save.isError) save.reset();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { secret, domains, ...rest } = draft;
    const input: ProviderInput = { ...rest, is_second_step: false, domains: domainsOf(domains), ...((secret !== '' || !keeps) && { secret }) };
    save.mutate(input, {
      onSuccess: () => {
        showToast(t('providers.saved', { name: draft.name }));
        onClose();
      },
    });
  }

  function wrapped(name: string, control: (id: string, error: string | undefined) => ReactNode, options: { label?: string; hint?: string; isRequired?: boolean } = {}): ReactNode {
    const id = `directory-${name.replace('/', '-')}`;
    const error = problem(name);
    return (
      <FormField controlId={id} label={options.label ?? t(`directory.${name.replace('directory/', '')}`)} hint={options.hint} isRequired={options.isRequired} error={error}>
        {control(id, error)}
      </FormField>
    );
  }

  function described(id: string, error: string | undefined): { isInvalid: boolean; 'aria-describedby': string | undefined } {
    return { isInvalid: error !== undefined, 'aria-describedby': error === undefined ? undefined : errorId(id) };
  }

  function part(name: TextPart, options: { hint?: string; isRequired?: boolean } = {}): ReactNode {
    return wrapped(
      `directory/${name}`,
      (id, error) => (
        <TextInput
          id={id}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={directory[name]}
          {...described(id, error)}
          onChange={(event) => put({ directory: { ...directory, [name]: event.target.value } })}
        />
      ),
      { isRequired: true, ...options },
    );
  }

  return (
    <Dialog
      title={provider === null ? t('directory.new_title') : provider.name}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={save.isPending}>
            {t(provider === null ? 'directory.add' : 'save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {save.isError && problems.size === 0 && <Banner tone="error">{errorText(save.error)}</Banner>}
        {wrapped(
          'name',
          (id, error) => (
            <TextInput id={id} autoComplete="off" value={draft.name} data-autofocus="" {...described(id, error)} onChange={(event) => put({ name: event.target.value })} />
          ),
          { label: t('providers.name'), hint: t('directory.name_hint'), isRequired: true },
        )}
        <fieldset className={styles.choices}>
          <legend className={styles.legend}>{t('directory.server')}</legend>
          <div className={styles.address}>
            {part('host')}
            {wrapped(
              'directory/port',
              (id, error) => (
                <TextInput
                  id={id}
                  inputMode="numeric"
                  autoComplete="off"
                  value={directory.port === 0 ? '' : String(directory.port)}
                  {...described(id, error)}
                  onChange={(event) => put({ directory: { ...directory, port: Math.min(Number(event.target.value.replace(/\D/gu, '')), 65_535) } })}
                />
              ),
              { isRequired: true },
            )}
          </div>
          {wrapped(
            'directory/security',
            (id, error) => (
              <Select
                id={id}
                value={directory.security}
                isInvalid={error !== undefined}
                options={SECURITIES.map((value) => ({ value, label: t(`directory.securities.${value}`) }))}
                onChange={(value) => {
                  const security = SECURITIES.find((known) => known === value);
                  if (security !== undefined) put({ directory: withSecurity(directory, security) });
                }}
              />
            ),
          )}
          {directory.security === 'none' ? (
            <div>
              <Checkbox
                isChecked={directory.accepts_clear_text}
                label={t('directory.accepts_clear_text')}
                aria-describedby="directory-clear-hint"
                onChange={(accepts) => put({ directory: { ...directory, accepts_clear_text: accepts } })}
              />
              <p id="directory-clear-hint" className={styles.hint}>
                {t('directory.accepts_clear_text_hint')}
              </p>
            </div>
          ) : (
            wrapped(
              'directory/authority',
              (id, error) => (
                <TextArea
                  id={id}
                  rows={3}
                  spellCheck={false}
                  placeholder="-----BEGIN CERTIFICATE-----"
                  value={directory.authority}
                  {...described(id, error)}
                  onChange={(event) => put({ directory: { ...directory, authority: event.target.value } })}
                />
              ),
              { hint: t('directory.authority_hint') },
            )
          )}
          {part('bind_dn', { hint: t('directory.bind_dn_hint'), isRequired: false })}
          {wrapped(
            'secret',
            (id, error) => (
              <TextInput
                id={id}
                type="password"
                autoComplete="off"
                value={draft.secret}
                {...described(id, error)}
                onChange={(event) => put({ secret: event.target.value })}
              />
            ),
            { label: t('directory.secret'), hint: t(keeps ? 'directory.secret_kept' : 'directory.secret_hint') },
          )}
        </fieldset>
        <fieldset className={styles.choices}>
          <legend className={styles.legend}>{t('directory.people')}</legend>
          {part('base_dn', { hint: t('directory.base_dn_hint') })}
          <FormField controlId="directory-kind" label={t('directory.kind')} hint={t('directory.kind_hint')}>
            <Select
              id="directory-kind"
              value={kindOf(directory) ?? ''}
              emptyLabel={t('directory.kinds.own')}
              options={DIRECTORY_KINDS.map((value) => ({ value, label: t(`directory.kinds.${value}`) }))}
              onChange={(value) => {
                const kind = DIRECTORY_KINDS.find((known) => known === value);
                if (kind !== undefined) put({ directory: withKind(directory, kind) });
              }}
            />
          </FormField>
          {part('filter', { hint: t('directory.filter_hint', { place: '{login}' }) })}
          <div className={styles.pairs}>
            {part('id_attribute', { hint: t('directory.id_attribute_hint') })}
            {part('login_attribute')}
            {part('name_attribute')}
            {part('email_attribute')}
          </div>
        </fieldset>
        <DirectoryTrial provider={provider?.id ?? null} directory={directory} secret={draft.secret} />
        <fieldset className={styles.choices}>
          <legend className={styles.legend}>{t('providers.whom')}</legend>
          {(['is_active', 'links_by_email'] as const).map((name) => (
            <div key={name}>
              <Checkbox isChecked={draft[name]} label={t(`directory.${name}`)} aria-describedby={`directory-${name}-hint`} onChange={(is) => put({ [name]: is })} />
              <p id={`directory-${name}-hint`} className={styles.hint}>
                {t(`directory.${name}_hint`)}
              </p>
            </div>
          ))}
          <FormField controlId="directory-role" label={t('providers.new_user_role')} hint={t('providers.new_user_role_hint')} error={problem('new_user_role')}>
            <Select
              id="directory-role"
              value={draft.new_user_role === null ? '' : String(draft.new_user_role)}
              emptyLabel={t('providers.nobody')}
              options={givable.map(({ id, title }) => ({ value: String(id), label: title }))}
              onChange={(id) => put({ new_user_role: id === '' ? null : Number(id) })}
            />
          </FormField>
          {wrapped(
            'domains',
            (id, error) => (
              <TextInput id={id} autoComplete="off" spellCheck={false} value={draft.domains} {...described(id, error)} onChange={(event) => put({ domains: event.target.value })} />
            ),
            { label: t('providers.domains'), hint: t('directory.domains_hint') },
          )}
        </fieldset>
      </form>
    </Dialog>
  );
}
