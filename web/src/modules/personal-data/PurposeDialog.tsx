import { useRef, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { useChangeRecord, useCreateRecord } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { asText } from '@/fields/values';
import { DraftNotice } from '@/records/drafts/DraftNotice';
import { useDraft, useKept } from '@/records/drafts/use-draft';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextArea, TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './PersonalData.module.css';

const FORM_ID = 'purpose-form';
const TYPE = 'processing_purpose';
const BASES = ['consent', 'contract', 'law', 'interest'] as const;

/** A purpose and the words that people consent to; other words are a new version. */
export function PurposeDialog({ purpose, onClose }: { purpose: RecordItem | null; onClose: () => void }) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const create = useCreateRecord(TYPE);
  const change = useChangeRecord(TYPE);
  const before = purpose?.values ?? { is_active: true, basis: 'consent' };
  const kept = useDraft(`purpose.${purpose?.id ?? 'new'}`, purpose?.title ?? t('purposes.new_title'));
  const [values, setValues] = useKept<Values>(kept, 'values', before);
  const key = useRef(newIdempotencyKey());
  const error = create.error ?? change.error;
  const problems = fieldProblems(error);
  const problemOf = (field: string): string | undefined => {
    const problem = problems.get(field)?.[0];
    return problem === undefined ? undefined : codeText(problem.code, problem.params);
  };
  const names = ['name', 'text', 'basis', 'months', 'is_active'];
  const changed = names.filter((name) => (before[name] ?? '') !== (values[name] ?? '') || purpose === null);
  const isNewText = purpose !== null && changed.includes('text');

  function put(name: string, value: string | boolean): void {
    setValues({ ...values, [name]: value });
    create.reset();
    change.reset();
    key.current = newIdempotencyKey();
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const written = Object.fromEntries(changed.map((name) => [name, values[name] === '' ? null : (values[name] ?? null)]));
    const done = (): void => {
      showToast(t('saved'));
      onClose();
    };
    if (purpose === null) create.mutate({ values: written, idempotencyKey: key.current }, { onSuccess: done });
    else if (changed.length === 0) onClose();
    else change.mutate({ id: purpose.id, version: purpose.version, values: written }, { onSuccess: done });
  }

  return (
    <Dialog
      title={purpose === null ? t('purposes.new_title') : t('purposes.edit_named', { name: purpose.title })}
      isDirty={purpose === null ? asText(values.name) + asText(values.text) !== '' : changed.length > 0}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={create.isPending || change.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        <DraftNotice draft={kept} />
        {error !== null && problems.size === 0 && <Banner tone="error">{errorText(error)}</Banner>}
        <FormField controlId="purpose-name" label={t('purposes.name')} isRequired hint={t('purposes.name_hint')} error={problemOf('name')}>
          <TextInput
            id="purpose-name"
            autoComplete="off"
            data-autofocus=""
            value={asText(values.name)}
            isInvalid={problems.has('name')}
            onChange={(event) => put('name', event.target.value)}
          />
        </FormField>
        <FormField controlId="purpose-text" label={t('purposes.words')} isRequired hint={t('purposes.words_hint')} error={problemOf('text')}>
          <TextArea
            id="purpose-text"
            rows={8}
            value={asText(values.text)}
            isInvalid={problems.has('text')}
            onChange={(event) => put('text', event.target.value)}
          />
        </FormField>
        {isNewText && <Banner tone="info">{t('purposes.new_version', { version: Number(asText(before.text_version)) + 1 })}</Banner>}
        <FormField controlId="purpose-basis" label={t('purposes.basis')} error={problemOf('basis')}>
          <Select
            id="purpose-basis"
            value={asText(values.basis)}
            options={BASES.map((value) => ({ value, label: t(`purposes.bases.${value}`) }))}
            onChange={(value) => put('basis', value)}
          />
        </FormField>
        <FormField controlId="purpose-months" label={t('purposes.months')} hint={t('purposes.months_hint')} error={problemOf('months')}>
          <TextInput
            id="purpose-months"
            inputMode="numeric"
            autoComplete="off"
            value={asText(values.months)}
            isInvalid={problems.has('months')}
            onChange={(event) => put('months', event.target.value)}
          />
        </FormField>
        <Checkbox isChecked={values.is_active === true} label={t('purposes.is_active')} onChange={(isActive) => put('is_active', isActive)} />
      </form>
    </Dialog>
  );
}
