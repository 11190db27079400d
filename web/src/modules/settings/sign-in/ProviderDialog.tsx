import { IconCopy } from '@tabler/icons-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSaveProvider, useTryProvider, type IdentityProvider, type OpenIdInput } from '@/api/providers';
import { useRoles } from '@/api/roles';
import { asText } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { copyText } from '@/ui/copy-text';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { domainsOf } from './domains';
import styles from './sign-in.module.css';

const FORM_ID = 'provider-form';

interface Draft extends Omit<OpenIdInput, 'domains' | 'secret'> {
  secret: string;
  /** As they are typed. */
  domains: string;
}

function draftOf(provider: IdentityProvider | null): Draft {
  return {
    name: provider?.name ?? '',
    issuer: provider?.issuer ?? '',
    client_id: provider?.client_id ?? '',
    secret: '',
    is_active: provider?.is_active ?? true,
    links_by_email: provider?.links_by_email ?? false,
    new_user_role: provider?.new_user_role ?? null,
    domains: (provider?.domains ?? []).join(', '),
    is_second_step: provider?.is_second_step ?? false,
  };
}

export interface ProviderDialogProps {
  /** Null for a new one. */
  provider: IdentityProvider | null;
  /** What the provider must be told. */
  redirectUri: string | null;
  onClose: () => void;
}

/** An identity provider: who it is, how it knows the program, and whom it lets in. */
export function ProviderDialog({ provider, redirectUri, onClose }: ProviderDialogProps) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const save = useSaveProvider(provider?.id ?? null);
  const roles = useRoles();
  const [start] = useState(() => draftOf(provider));
  const [draft, setWritten] = useState(start);
  const problems = fieldProblems(save.error);
  const problem = (name: string): string | undefined => {
    const found = problems.get(name)?.[0];
    return found === undefined ? undefined : codeText(found.code, found.params);
  };
  // A stored secret stays with its issuer.
  const keepsSecret = provider?.has_secret === true && draft.issuer.trim() === provider.issuer;
  const givable = roles.filter(({ values }) => asText(values.key) !== 'administrator');

  function put(part: Partial<Draft>): void {
    setWritten({ ...draft, ...part });
    if (save.isError) save.reset();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { secret, domains, ...rest } = draft;
    const input: OpenIdInput = { ...rest, domains: domainsOf(domains), ...((secret !== '' || !keepsSecret) && { secret }) };
    save.mutate(input, {
      onSuccess: () => {
        showToast(t('providers.saved', { name: draft.name }));
        onClose();
      },
    });
  }

  function field(name: 'name' | 'issuer' | 'client_id' | 'secret' | 'domains', options: { hint?: string; isRequired?: boolean; type?: string; below?: ReactNode } = {}): ReactNode {
    const id = `provider-${name}`;
    return (
      <FormField controlId={id} label={t(`providers.${name}`)} isRequired={options.isRequired} hint={options.hint ?? t(`providers.${name}_hint`)} error={problem(name)}>
        <TextInput
          id={id}
          type={options.type}
          autoComplete="off"
          spellCheck={false}
          value={draft[name]}
          isInvalid={problem(name) !== undefined}
          aria-describedby={problem(name) === undefined ? undefined : errorId(id)}
          data-autofocus={name === 'name' ? '' : undefined}
          onChange={(event) => put({ [name]: event.target.value })}
        />
      </FormField>
    );
  }

  return (
    <Dialog
      title={provider === null ? t('providers.new_title') : provider.name}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={save.isPending}>
            {t(provider === null ? 'providers.add' : 'save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {save.isError && problems.size === 0 && <Banner tone="error">{errorText(save.error)}</Banner>}
        {field('name', { isRequired: true })}
        {redirectUri !== null && (
          <div role="group" aria-label={t('providers.redirect_uri')}>
            <p className={styles.label}>{t('providers.redirect_uri')}</p>
            <div className={styles.copied}>
              <span className={styles.key}>{redirectUri}</span>
              <IconButton label={t('providers.copy')} icon={<IconCopy size={16} />} onClick={() => void copyText(redirectUri, t('providers.copied'))} />
            </div>
            <p className={styles.hint}>{t('providers.redirect_uri_hint')}</p>
          </div>
        )}
        {field('issuer', { isRequired: true, type: 'url' })}
        <Trial issuer={draft.issuer} />
        {field('client_id', { isRequired: true })}
        {field('secret', { type: 'password', hint: t(keepsSecret ? 'providers.secret_kept' : 'providers.secret_hint') })}
        <fieldset className={styles.choices}>
          <legend className={styles.legend}>{t('providers.whom')}</legend>
          {(['is_active', 'links_by_email', 'is_second_step'] as const).map((name) => (
            <div key={name}>
              <Checkbox isChecked={draft[name]} label={t(`providers.${name}`)} aria-describedby={`provider-${name}-hint`} onChange={(is) => put({ [name]: is })} />
              <p id={`provider-${name}-hint`} className={styles.hint}>
                {t(`providers.${name}_hint`)}
              </p>
            </div>
          ))}
          <FormField controlId="provider-role" label={t('providers.new_user_role')} hint={t('providers.new_user_role_hint')} error={problem('new_user_role')}>
            <Select
              id="provider-role"
              value={draft.new_user_role === null ? '' : String(draft.new_user_role)}
              emptyLabel={t('providers.nobody')}
              options={givable.map(({ id, title }) => ({ value: String(id), label: title }))}
              onChange={(id) => put({ new_user_role: id === '' ? null : Number(id) })}
            />
          </FormField>
          {field('domains', { isRequired: draft.new_user_role !== null })}
        </fieldset>
      </form>
    </Dialog>
  );
}

/** Asks the issuer what it publishes and says what is wrong. */
function Trial({ issuer }: { issuer: string }) {
  const { t, i18n } = useTranslation('sign-in');
  const errorText = useErrorText();
  const trial = useTryProvider();
  const isOf = trial.variables === issuer;
  const { code = null, detail = null } = trial.data ?? {};
  const known = `providers.trial.${code ?? 'good'}`;
  return (
    <div className={styles.trial}>
      <Button size="small" isBusy={trial.isPending} disabledReason={issuer.trim() === '' ? t('providers.trial.needs_issuer') : null} onClick={() => trial.mutate(issuer)}>
        {t('providers.trial.try')}
      </Button>
      {isOf && trial.isError && <Banner tone="error">{errorText(trial.error)}</Banner>}
      {isOf && trial.isSuccess && (
        <Banner tone={code === null ? 'success' : 'error'}>
          {t(i18n.exists(known, { ns: 'sign-in' }) ? known : 'providers.trial.unknown', { code, detail })}
        </Banner>
      )}
    </div>
  );
}
