import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { allRecordsQuery } from '@/api/sets';
import type { ObjectType } from '@/api/types';
import {
  useChangeWebhook,
  useCreateWebhook,
  WEBHOOK_ACTIONS,
  type Webhook,
  type WebhookInput,
  type WebhookSubscription,
} from '@/api/webhooks';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FieldError, FormField } from '@/ui/FormField';
import { OptionPicker } from '@/ui/OptionPicker';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { SecretDialog } from './SecretDialog';
import styles from './Webhooks.module.css';

const FORM_ID = 'webhook-form';

/** Makes a webhook, and shows its secret this once, or changes one. */
export function WebhookDialog({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  return secret === null ? (
    <Questions webhook={webhook} onMade={setSecret} onClose={onClose} />
  ) : (
    <SecretDialog secret={secret} onClose={onClose} />
  );
}

function Questions({ webhook, onMade, onClose }: { webhook: Webhook | null; onMade: (secret: string) => void; onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { user, permissions } = useSession();
  const types = useCatalog().object_types;
  const users = useQuery(allRecordsQuery('user', 'name')).data ?? [];
  const create = useCreateWebhook();
  const change = useChangeWebhook(webhook?.id ?? 0);
  const [start] = useState<WebhookInput>(() => ({
    name: webhook?.name ?? '',
    url: webhook?.url ?? '',
    user_id: webhook?.user.id ?? user.id,
    subscriptions: webhook?.subscriptions ?? [{ type: 'contact', actions: [...WEBHOOK_ACTIONS], filter: null }],
  }));
  const kept = useDraft(`webhook.${webhook?.id ?? 'new'}`, webhook === null ? t('new_title') : t('change_title', { name: webhook.name }));
  const [draft, setWritten] = useKept(kept, 'draft', start);
  const setDraft = (changed: WebhookInput): void => {
    setWritten(changed);
    // What was refused was said about what stood there before.
    create.reset();
    change.reset();
  };
  const error = create.error ?? change.error;
  const problems = fieldProblems(error);
  const problem = (name: string): string | undefined => {
    const found = problems.get(name)?.[0];
    return found === undefined ? undefined : codeText(found.code, found.params);
  };

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (webhook === null) create.mutate(draft, { onSuccess: (made) => onMade(made.secret) });
    else change.mutate(draft, { onSuccess: onClose });
  }

  return (
    <Dialog
      title={webhook === null ? t('new_title') : t('change_title', { name: webhook.name })}
      isDirty={JSON.stringify(draft) !== JSON.stringify(start)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {webhook === null ? t('make') : t('save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {error !== null && problems.size === 0 && <Banner tone="error">{errorText(error)}</Banner>}
        {(['name', 'url'] as const).map((name) => (
          <FormField key={name} controlId={`webhook-${name}`} label={t(name)} isRequired hint={t(`${name}_hint`)} error={problem(name)}>
            <TextInput
              id={`webhook-${name}`}
              autoComplete="off"
              value={draft[name]}
              inputMode={name === 'url' ? 'url' : undefined}
              isInvalid={problem(name) !== undefined}
              aria-describedby={problem(name) === undefined ? undefined : errorId(`webhook-${name}`)}
              data-autofocus={name === 'name' ? '' : undefined}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            />
          </FormField>
        ))}
        <FormField controlId="webhook-user" label={t('user')} hint={t('user_hint')} error={problem('user_id')}>
          <OptionPicker
            id="webhook-user"
            value={String(draft.user_id)}
            options={users.filter(({ id }) => permissions.administer || id === user.id).map(({ id, title }) => ({ value: String(id), label: title }))}
            onChange={(id) => setDraft({ ...draft, user_id: Number(id) })}
          />
        </FormField>
        <fieldset>
          <legend className={styles.legend}>{t('what')}</legend>
          <div className={styles.types}>
            {types.map((type) => (
              <TypeChoice
                key={type.name}
                type={type}
                subscription={draft.subscriptions.find((one) => one.type === type.name)}
                onChange={(changed) => {
                  const others = draft.subscriptions.filter((one) => one.type !== type.name);
                  setDraft({ ...draft, subscriptions: changed === null ? others : [...others, changed] });
                }}
              />
            ))}
          </div>
          {problem('subscriptions') !== undefined && <FieldError>{problem('subscriptions')}</FieldError>}
        </fieldset>
      </form>
    </Dialog>
  );
}

interface TypeChoiceProps {
  type: ObjectType;
  /** Undefined while nothing is told of this type. */
  subscription: WebhookSubscription | undefined;
  onChange: (subscription: WebhookSubscription | null) => void;
}

/** Whether a webhook tells of a type of records, what happened to them, and of which. */
function TypeChoice({ type, subscription, onChange }: TypeChoiceProps) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const label = format.label(type.labels_plural);
  return (
    <div className={styles.type} role="group" aria-label={label}>
      <Checkbox
        isChecked={subscription !== undefined}
        label={label}
        onChange={(isChosen) => onChange(isChosen ? { type: type.name, actions: [...WEBHOOK_ACTIONS], filter: null } : null)}
      />
      {subscription !== undefined && (
        <>
          <div className={styles.choice}>
            {WEBHOOK_ACTIONS.map((action) => (
              <Checkbox
                key={action}
                isChecked={subscription.actions.includes(action)}
                label={t(`actions.${action}`)}
                onChange={(isChosen) => {
                  const actions = WEBHOOK_ACTIONS.filter((one) => (one === action ? isChosen : subscription.actions.includes(one)));
                  onChange({ ...subscription, actions });
                }}
              />
            ))}
          </div>
          <div className={styles.chips}>
            {subscription.filter === null && <span className={styles.always}>{t('every_record')}</span>}
            <ConditionChips
              type={type}
              filter={subscription.filter ?? ''}
              onChange={(filter) => onChange({ ...subscription, filter: filter === '' ? null : filter })}
            />
          </div>
        </>
      )}
    </div>
  );
}
