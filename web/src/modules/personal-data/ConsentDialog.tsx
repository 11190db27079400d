import { useRef, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useRecordConsent, type ConsentInput, type ConsentState } from '@/api/personal-data';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { DateInput } from '@/fields/date/DateInput';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './PersonalData.module.css';

const FORM_ID = 'consent-form';
const SOURCES = ['paper', 'in_person', 'phone', 'email', 'messenger', 'form', 'other'] as const;

export interface ConsentDialogProps {
  contactId: number;
  consent: ConsentState;
  state: 'given' | 'withdrawn';
  onClose: () => void;
}

/** Notes that somebody consented, with the words he has read, or that he does not any more. */
export function ConsentDialog({ contactId, consent, state, onClose }: ConsentDialogProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const record = useRecordConsent(contactId);
  const kept = useDraft(`consent.${contactId}.${consent.purpose.id}.${state}`, t(`consents.dialog.${state}`, { name: consent.purpose.title }));
  const [source, setSource] = useKept<ConsentInput['source']>(kept, 'source', 'paper');
  const [detail, setDetail] = useKept(kept, 'detail', '');
  const [channel, setChannel] = useKept(kept, 'channel', '');
  const [expiresOn, setExpiresOn] = useKept(kept, 'expires_on', '');
  const key = useRef(newIdempotencyKey());
  const problems = fieldProblems(record.error);
  const problemOf = (field: string): string | undefined => {
    const problem = problems.get(field)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  };

  function change(set: (text: string) => void): (text: string) => void {
    return (text) => {
      set(text);
      record.reset();
      key.current = newIdempotencyKey();
    };
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    record.mutate(
      {
        purpose: consent.purpose.id,
        state,
        source,
        source_detail: detail.trim() === '' ? null : detail.trim(),
        channel: channel.trim() === '' ? null : channel.trim(),
        expires_on: expiresOn === '' ? null : expiresOn,
        idempotencyKey: key.current,
      },
      {
        onSuccess: () => {
          showToast(t(`consents.noted.${state}`));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t(`consents.dialog.${state}`, { name: consent.purpose.title })}
      size="small"
      isDirty={detail !== '' || channel !== '' || expiresOn !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={record.isPending}>
            {t(`consents.save.${state}`)}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {record.isError && problems.size === 0 && <Banner tone="error">{errorText(record.error)}</Banner>}
        {state === 'given' && (
          <div className={styles.text}>
            <p className={styles.hint}>{t('consents.words', { version: consent.version })}</p>
            <p className={styles.words}>{consent.text}</p>
          </div>
        )}
        <FormField controlId="consent-source" label={t('consents.source')} error={problemOf('source')}>
          <Select
            id="consent-source"
            data-autofocus=""
            value={source}
            options={SOURCES.map((value) => ({ value, label: t(`consents.sources.${value}`) }))}
            onChange={change((value) => setSource(value as ConsentInput['source']))}
          />
        </FormField>
        <FormField controlId="consent-detail" label={t('consents.detail')} hint={t('consents.detail_hint')} error={problemOf('source_detail')}>
          <TextInput id="consent-detail" autoComplete="off" value={detail} onChange={(event) => change(setDetail)(event.target.value)} />
        </FormField>
        <FormField controlId="consent-channel" label={t('consents.channel')} error={problemOf('channel')}>
          <TextInput id="consent-channel" autoComplete="off" value={channel} onChange={(event) => change(setChannel)(event.target.value)} />
        </FormField>
        {state === 'given' && (
          <FormField controlId="consent-expiry" label={t('consents.expiry')} hint={t('consents.expiry_hint')} error={problemOf('expires_on')}>
            <DateInput id="consent-expiry" value={expiresOn === '' ? null : expiresOn} onChange={(day) => change(setExpiresOn)(day ?? '')} />
          </FormField>
        )}
      </form>
    </Dialog>
  );
}
