import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateApiKey, type ApiKeyInput, type NewApiKey } from '@/api/api-keys';
import { useCatalog } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { wantsPassword } from '@/api/sign-in';
import { usePasswordAgain } from '../sign-in/use-password-again';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { CopyField } from '@/ui/CopyField';
import { Dialog } from '@/ui/Dialog';
import { errorId, FieldError, FormField } from '@/ui/FormField';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import styles from './ApiKeys.module.css';

const FORM_ID = 'new-api-key';
const DAYS = [30, 90, 365, 730];
const NEVER = 'never';

/** First what the program may, then, this once, the key. */
export function NewApiKeyDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewApiKey | null>(null);
  return made === null ? <Questions onMade={setMade} onClose={onClose} /> : <Answer made={made} onClose={onClose} />;
}

const START: ApiKeyInput = { name: '', types: null, may_write: false, valid_days: 365, never_expires: false };

function Questions({ onMade, onClose }: { onMade: (made: NewApiKey) => void; onClose: () => void }) {
  const { t } = useTranslation('api-keys');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const format = useFormat();
  const { permissions } = useSession();
  // What belongs to records, such as tags and remarks, goes with them.
  const types = useCatalog().object_types.filter((type) => !type.is_system);
  const create = useCreateApiKey();
  const [draft, setDraft] = useState(START);
  const { run, question } = usePasswordAgain();
  const problems = fieldProblems(create.error);
  const problem = (field: string): string | undefined => {
    const found = problems.get(field)?.[0];
    return found === undefined ? undefined : codeText(found.code, found.params);
  };
  const validity = [
    ...DAYS.map((days) => ({ value: String(days), label: t('days', { count: days }) })),
    ...(permissions.administer ? [{ value: NEVER, label: t('without_end') }] : []),
  ];

  function submit(event: FormEvent): void {
    event.preventDefault();
    // What else goes wrong is shown by the form.
    run(() => create.mutateAsync(draft), { onSuccess: onMade, onError: () => undefined, onCancel: () => create.reset() });
  }

  return (
    <Dialog
      title={t('new_title')}
      size="small"
      isDirty={JSON.stringify(draft) !== JSON.stringify(START)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending}>
            {t('make')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {create.isError && problems.size === 0 && !wantsPassword(create.error) && <Banner tone="error">{errorText(create.error)}</Banner>}
        <FormField controlId="api-key-name" label={t('name')} isRequired hint={t('name_hint')} error={problem('name')}>
          <TextInput
            id="api-key-name"
            autoComplete="off"
            value={draft.name}
            isInvalid={problem('name') !== undefined}
            aria-describedby={problem('name') === undefined ? undefined : errorId('api-key-name')}
            data-autofocus=""
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </FormField>
        <SegmentedChoice
          label={t('may')}
          className={styles.may}
          value={draft.may_write ? 'writes' : 'reads'}
          options={(['reads', 'writes'] as const).map((value) => ({ value, label: t(value) }))}
          onChange={(value) => setDraft({ ...draft, may_write: value === 'writes' })}
        />
        <fieldset className={styles.types}>
          <legend className={styles.legend}>{t('which')}</legend>
          <Checkbox
            isChecked={draft.types === null}
            label={t('all_records')}
            onChange={(isAll) => setDraft({ ...draft, types: isAll ? null : [] })}
          />
          {draft.types !== null && (
            <div className={styles.choice}>
              {types.map((type) => (
                <Checkbox
                  key={type.name}
                  isChecked={draft.types?.includes(type.name) === true}
                  label={format.label(type.labels_plural)}
                  onChange={(isChosen) => {
                    const others = (draft.types ?? []).filter((one) => one !== type.name);
                    setDraft({ ...draft, types: isChosen ? [...others, type.name] : others });
                  }}
                />
              ))}
            </div>
          )}
          {draft.types !== null && <p className={styles.hint}>{t('which_hint')}</p>}
          {problem('types') !== undefined && <FieldError>{problem('types')}</FieldError>}
        </fieldset>
        <FormField controlId="api-key-days" label={t('valid')} hint={t('valid_hint')} error={problem('valid_days') ?? problem('never_expires')}>
          <Select
            id="api-key-days"
            value={draft.never_expires ? NEVER : String(draft.valid_days)}
            options={validity}
            onChange={(value) =>
              setDraft({ ...draft, never_expires: value === NEVER, valid_days: value === NEVER ? null : Number(value) })
            }
          />
        </FormField>
        <p className={styles.hint}>{t('never_more')}</p>
      </form>
      {question}
    </Dialog>
  );
}

function Answer({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { t } = useTranslation('api-keys');
  const type = made.types?.[0] ?? 'contact';
  const request = `curl -H "Authorization: Bearer ${made.key}" "${window.location.origin}/api/v1/records/${type}?limit=5"`;
  return (
    <Dialog
      title={t('made_title', { name: made.name })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose} data-autofocus="">
          {t('done')}
        </Button>
      }
    >
      <div className={styles.form}>
        <Banner tone="warning">{t('once')}</Banner>
        <CopyField id="api-key-text" label={t('key')} value={made.key} copyLabel={t('copy_key')} copiedText={t('copied')} />
        <CopyField
          id="api-key-request"
          label={t('request')}
          value={request}
          hint={t('request_hint')}
          copyLabel={t('copy_request')}
          copiedText={t('copied')}
        />
      </div>
    </Dialog>
  );
}
