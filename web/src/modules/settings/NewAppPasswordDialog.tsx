import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateAppPassword, type AppPasswordContacts, type NewAppPassword } from '@/api/app-passwords';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { wantsPassword } from '@/api/sign-in';
import { allRecordsQuery } from '@/api/sets';
import { savedViewsQuery, viewsOf } from '@/records/list/saved-views';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { CopyField } from '@/ui/CopyField';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select, type SelectOption } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { textsOf } from './device-texts';
import styles from './NewAppPasswordDialog.module.css';
import { usePasswordAgain } from './sign-in/use-password-again';

const FORM_ID = 'new-app-password';
const HINT_ID = 'app-password-writes-hint';

type DeviceGives = 'contacts' | 'events_and_tasks';

/** First the device and what it gets, then, this once, what to type into it. */
export function NewAppPasswordDialog({ gives, onClose }: { gives: DeviceGives; onClose: () => void }) {
  const [made, setMade] = useState<NewAppPassword | null>(null);
  return made === null ? <Questions gives={gives} onMade={setMade} onClose={onClose} /> : <Answer made={made} onClose={onClose} />;
}

/** What may be chosen: `own`, `all`, `view:5`, `group:7`. */
function useBooks(): SelectOption[] {
  const { t } = useTranslation('settings');
  const { permissions, user } = useSession();
  const views = viewsOf('contact', useQuery(savedViewsQuery).data ?? [], user.id);
  const groups = useQuery(allRecordsQuery('group', 'name')).data ?? [];
  const whole = permissions.export ? (['own', 'all'] as const) : (['own'] as const);
  return [
    ...whole.map((key) => ({ value: key, label: t(`app_passwords.books.${key}`) })),
    ...views.map((view) => ({ value: `view:${view.id}`, label: view.name, group: t('app_passwords.book_groups.view') })),
    ...groups.map((group) => ({ value: `group:${group.id}`, label: group.title, group: t('app_passwords.book_groups.group') })),
  ];
}

function Questions({ gives, onMade, onClose }: { gives: DeviceGives; onMade: (made: NewAppPassword) => void; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const texts = textsOf(gives);
  const create = useCreateAppPassword();
  const [name, setName] = useState('');
  const [book, setBook] = useState('own');
  const [mayWrite, setMayWrite] = useState(false);
  const { run, question } = usePasswordAgain();
  const problem = fieldProblems(create.error).get('name')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    const [contacts = 'own', id] = book.split(':');
    const input =
      gives === 'contacts'
        ? { name, contacts: contacts as AppPasswordContacts, contacts_id: id === undefined ? null : Number(id), may_write: mayWrite }
        : { name, gives, may_write: mayWrite };
    // What else goes wrong is shown by the form.
    run(() => create.mutateAsync(input), { onSuccess: onMade, onError: () => undefined, onCancel: () => create.reset() });
  }

  return (
    <Dialog
      title={t(`${texts}.new_title`)}
      size="small"
      isDirty={name !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending}>
            {t('app_passwords.make')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {create.isError && problem === undefined && !wantsPassword(create.error) && <Banner tone="error">{errorText(create.error)}</Banner>}
        <FormField
          controlId="app-password-name"
          label={t('app_passwords.device')}
          isRequired
          hint={t('app_passwords.device_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="app-password-name"
            autoComplete="off"
            value={name}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('app-password-name')}
            data-autofocus=""
            onChange={(event) => setName(event.target.value)}
          />
        </FormField>
        {gives === 'contacts' ? <BookChoice book={book} onChange={setBook} /> : <p className={styles.hint}>{t('calendar_devices.gets')}</p>}
        <div className={styles.writes}>
          <Checkbox isChecked={mayWrite} label={t(`${texts}.may_write`)} aria-describedby={HINT_ID} onChange={setMayWrite} />
          <p id={HINT_ID} className={styles.hint}>
            {t(`${texts}.may_write_hint`)}
          </p>
        </div>
      </form>
      {question}
    </Dialog>
  );
}

function BookChoice({ book, onChange }: { book: string; onChange: (book: string) => void }) {
  const { t } = useTranslation('settings');
  const { permissions } = useSession();
  const books = useBooks();
  return books.length > 1 ? (
          <FormField
            controlId="app-password-contacts"
            label={t('app_passwords.contacts')}
            hint={[t('app_passwords.contacts_hint'), ...(permissions.export ? [] : [t('app_passwords.of_own_only')])].join(' ')}
          >
            <Select id="app-password-contacts" value={book} options={books} onChange={onChange} />
          </FormField>
        ) : (
          <p className={styles.hint}>{t('app_passwords.own_only')}</p>
        );
}

function Answer({ made, onClose }: { made: NewAppPassword; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const texts = textsOf(made.gives);
  const parts = [
    { key: 'server', value: window.location.origin },
    { key: 'login', value: made.login },
    { key: 'password', value: made.password },
  ] as const;
  return (
    <Dialog
      title={t('app_passwords.made_title', { name: made.name })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose} data-autofocus="">
          {t('app_passwords.done')}
        </Button>
      }
    >
      <div className={styles.form}>
        <Banner tone="warning">{t('app_passwords.once')}</Banner>
        {window.location.protocol === 'http:' && <Banner tone="info">{t('app_passwords.needs_https')}</Banner>}
        {parts.map(({ key, value }) => (
          <CopyField
            key={key}
            id={`app-password-${key}`}
            label={t(`app_passwords.${key}`)}
            value={value}
            copyLabel={t('app_passwords.copy', { what: t(`app_passwords.${key}`) })}
            copiedText={t('app_passwords.copied')}
          />
        ))}
        <p className={styles.hint}>{t(`${texts}.iphone`)}</p>
        <p className={styles.hint}>{t(`${texts}.android`)}</p>
      </div>
    </Dialog>
  );
}
