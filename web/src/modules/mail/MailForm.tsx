import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeMailSettings, type MailChange, type MailSecurity, type MailSettings } from '@/api/mail';
import { useSession } from '@/api/session';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './Mail.module.css';

const SECURITIES = ['starttls', 'tls', 'none'] as const satisfies readonly MailSecurity[];
/** The usual port of each; another one may be typed. */
const PORTS: Readonly<Record<MailSecurity, string>> = { starttls: '587', tls: '465', none: '25' };

interface Draft {
  host: string;
  port: string;
  security: MailSecurity;
  user: string;
  password: string;
  sender_address: string;
  sender_name: string;
}

function draftOf(settings: MailSettings): Draft {
  const { host, port, security, user, sender_address, sender_name } = settings;
  return { host, port: port === 0 ? PORTS[security] : String(port), security, user, password: '', sender_address, sender_name };
}

/** The mail server. The password goes in and never comes back. */
export function MailForm({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation('mail');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { installation } = useSession();
  const change = useChangeMailSettings();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const draft: Draft = { ...draftOf(settings), ...typed };
  const refused = fieldProblems(change.error);
  const isPlaced = (Object.keys(draft) as (keyof Draft)[]).some((name) => refused.has(name));
  const keepsPassword = settings.has_password && draft.host.trim() === settings.host && draft.password === '';

  useEffect(() => {
    if (change.isError) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [change.isError, change.error]);

  function put(part: Partial<Draft>): void {
    setTyped({ ...typed, ...part });
    if (change.isError) change.reset();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { port, password, ...rest } = draft;
    const input: MailChange = { ...rest, port: Math.min(Number(port) || 0, 65_535) };
    // Without a login there is nothing to keep a password for.
    if (password !== '' || draft.user === '') input.password = password;
    change.mutate(input, {
      onSuccess: () => {
        setTyped({});
        showToast(t('saved'));
      },
    });
  }

  function control(name: keyof Draft) {
    const id = `mail-${name}`;
    const problem = refused.get(name)?.[0];
    return {
      field: { controlId: id, label: t(`server.${name}`), error: problem === undefined ? undefined : codeText(problem.code, problem.params) },
      input: { id, value: draft[name], isInvalid: problem !== undefined, 'aria-describedby': problem === undefined ? undefined : errorId(id) },
    };
  }

  function text(name: Exclude<keyof Draft, 'security'>, options: { hint?: string; type?: string; placeholder?: string; isRequired?: boolean } = {}) {
    const { field, input } = control(name);
    return (
      <FormField {...field} hint={options.hint} isRequired={options.isRequired}>
        <TextInput
          {...input}
          type={options.type}
          placeholder={options.placeholder}
          autoComplete={name === 'password' ? 'new-password' : 'off'}
          spellCheck={false}
          inputMode={name === 'port' ? 'numeric' : undefined}
          onChange={(event) => put({ [name]: name === 'port' ? event.target.value.replace(/\D/gu, '').slice(0, 5) : event.target.value })}
        />
      </FormField>
    );
  }

  const security = control('security');
  return (
    <form ref={form} className={styles.form} aria-labelledby="mail-server" noValidate onSubmit={submit}>
      <h2 id="mail-server" className={styles.heading}>
        {t('server.title')}
      </h2>
      {change.isError && !isPlaced && <Banner tone="error">{errorText(change.error)}</Banner>}
      <div className={styles.server}>
        {text('host', { hint: t('server.host_hint') })}
        {text('port')}
      </div>
      <FormField {...security.field} hint={t(`server.security_hints.${draft.security}`)}>
        <Select
          id="mail-security"
          value={draft.security}
          options={SECURITIES.map((key) => ({ value: key, label: t(`server.securities.${key}`) }))}
          onChange={(key) => {
            const chosen = key as MailSecurity;
            put({ security: chosen, ...(draft.port === PORTS[draft.security] ? { port: PORTS[chosen] } : {}) });
          }}
        />
      </FormField>
      <div className={styles.pair}>
        {text('user', { hint: t('server.user_hint') })}
        {text('password', { type: 'password', placeholder: keepsPassword ? '••••••••' : undefined, hint: keepsPassword ? t('server.password_kept') : undefined })}
      </div>
      <div className={styles.pair}>
        {text('sender_address', { type: 'email', isRequired: draft.host.trim() !== '' })}
        {text('sender_name', { placeholder: installation.company_name })}
      </div>
      <div>
        <Button look="primary" type="submit" isBusy={change.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
