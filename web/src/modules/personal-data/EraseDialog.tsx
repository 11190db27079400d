import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { subjectQuery, useEraseSubject, type EraseInput, type SubjectPreview } from '@/api/personal-data';
import type { ObjectType } from '@/api/types';
import type { CardToolProps } from '@/records/card/card-tools';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';
import { useRemains } from './use-remains';

const FORM_ID = 'erase-person';
const CAUSES = ['request', 'withdrawal', 'purpose', 'retention', 'unlawful'] as const;

/** Erasing a person for good: what goes, what stays, and the name typed once more. */
export function EraseDialog({ type, record, onClose }: CardToolProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const preview = useQuery(subjectQuery(record.id));
  const erase = useEraseSubject();
  const [confirmation, setConfirmation] = useState('');
  const [keepsAddresses, setKeepsAddresses] = useState(true);
  const [cause, setCause] = useState<EraseInput['cause']>('request');
  const [work, setWork] = useState<NonNullable<EraseInput['work']>>({});
  const problem = fieldProblems(erase.error).get('confirmation')?.[0];
  const isTyped = preview.data !== undefined && confirmation.trim() === preview.data.title;

  function submit(event: FormEvent): void {
    event.preventDefault();
    erase.mutate(
      { id: record.id, confirmation, cause, keeps_addresses: keepsAddresses, work },
      {
        onSuccess: () => {
          showToast(t('erase.started'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('erase.title', { name: record.title })}
      isDirty={confirmation !== ''}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="danger"
            type="submit"
            form={FORM_ID}
            isBusy={erase.isPending}
            disabledReason={preview.data?.is_held === true ? codeText('legal_hold') : isTyped ? null : t('erase.type_first')}
          >
            {t('erase.run')}
          </Button>
        </>
      }
    >
      {preview.isPending && <Skeleton lines={6} label={t('loading')} />}
      {preview.isError && <Banner tone="error">{errorText(preview.error)}</Banner>}
      {preview.data !== undefined && (
        <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
          <Banner tone="warning">{t('erase.final')}</Banner>
          {preview.data.is_held && <Banner tone="error">{codeText('legal_hold')}</Banner>}
          {erase.isError && problem === undefined && <Banner tone="error">{errorText(erase.error)}</Banner>}
          <What type={type} preview={preview.data} />
          <WorkChoice preview={preview.data} work={work} onChange={setWork} />
          <FormField controlId="erase-cause" label={t('erase.cause')} hint={t('erase.cause_hint')}>
            <Select
              id="erase-cause"
              value={cause}
              options={CAUSES.map((value) => ({ value, label: t(`causes.${value}`) }))}
              onChange={(value) => setCause(value as EraseInput['cause'])}
            />
          </FormField>
          <div className={styles.text}>
            <Checkbox isChecked={keepsAddresses} label={t('erase.keep')} onChange={setKeepsAddresses} />
            <p className={styles.hint}>{t('erase.keep_hint')}</p>
          </div>
          <FormField
            controlId="erase-name"
            label={t('erase.confirm', { name: preview.data.title })}
            isRequired
            error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
          >
            <TextInput
              id="erase-name"
              autoComplete="off"
              data-autofocus=""
              value={confirmation}
              isInvalid={problem !== undefined}
              aria-describedby={problem === undefined ? undefined : errorId('erase-name')}
              onChange={(event) => {
                setConfirmation(event.target.value);
                erase.reset();
              }}
            />
          </FormField>
        </form>
      )}
    </Dialog>
  );
}

function What({ type, preview }: { type: ObjectType; preview: SubjectPreview }) {
  const { t } = useTranslation('personal-data');
  const { goes, stays } = useRemains(type, preview);
  return (
    <div className={styles.columns}>
      <section>
        <h3 className={styles.heading}>{t('erase.goes')}</h3>
        <ul className={styles.list}>
          {goes.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className={styles.heading}>{t('erase.stays')}</h3>
        <ul className={styles.list}>
          <li>{t('erase.pseudonym', { name: preview.pseudonym })}</li>
          {stays.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const WORK = ['task', 'deal', 'event'] as const;
const TREATMENTS = ['keep', 'clear', 'delete'] as const;

/** What becomes of his tasks, deals and events; nothing is asked where there are none. */
function WorkChoice({ preview, work, onChange }: { preview: SubjectPreview; work: NonNullable<EraseInput['work']>; onChange: (work: NonNullable<EraseInput['work']>) => void }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const { object_types: types } = useCatalog();
  const own = WORK.flatMap((name) => preview.work.filter(({ type, count }) => type === name && count > 0).map((found) => ({ name, ...found })));
  if (own.length === 0) return null;
  return (
    <section>
      <h3 className={styles.heading}>{t('erase.work')}</h3>
      <p className={styles.hint}>{t('erase.work_hint')}</p>
      <div className={styles.columns}>
        {own.map(({ name, count, shared }) => (
          <FormField
            key={name}
            controlId={`erase-${name}`}
            label={`${format.label(types.find((type) => type.name === name)?.labels_plural)}: ${format.number(count)}`}
            hint={shared > 0 ? t('erase.shared', { count: shared, number: format.number(shared) }) : undefined}
          >
            <Select
              id={`erase-${name}`}
              value={work[name] ?? 'keep'}
              options={TREATMENTS.map((value) => ({ value, label: t(`erase.treatments.${value}`) }))}
              onChange={(value) => onChange({ ...work, [name]: TREATMENTS.find((treatment) => treatment === value) })}
            />
          </FormField>
        ))}
      </div>
    </section>
  );
}
