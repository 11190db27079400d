import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuditSettings, useChangeAuditSettings, type AuditSettings } from '@/api/audit';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import styles from './AuditScreen.module.css';

const FORM_ID = 'audit-settings';

/** How long events are kept, and whether views of private cards are told of. */
export function AuditSettingsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('audit');
  const settings = useAuditSettings();
  if (settings.data === undefined) {
    return (
      <Dialog title={t('settings')} onClose={onClose}>
        <Skeleton lines={3} label={t('loading')} />
      </Dialog>
    );
  }
  return <SettingsForm stored={settings.data} onClose={onClose} />;
}

function SettingsForm({ stored, onClose }: { stored: AuditSettings; onClose: () => void }) {
  const { t } = useTranslation('audit');
  const errorText = useErrorText();
  const codeText = useCodeText();
  const change = useChangeAuditSettings();
  const [days, setDays] = useState(String(stored.retention_days));
  const [recordsViews, setRecordsViews] = useState(stored.records_views);
  const problem = fieldProblems(change.error).get('retention_days')?.[0];

  function submit(event: FormEvent): void {
    event.preventDefault();
    change.mutate(
      { retention_days: Number(days), records_views: recordsViews },
      {
        onSuccess: () => {
          showToast(t('saved'));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('settings')}
      isDirty={days !== String(stored.retention_days) || recordsViews !== stored.records_views}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={change.isPending}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {change.isError && problem === undefined && <Banner tone="error">{errorText(change.error)}</Banner>}
        <FormField
          controlId="audit-days"
          label={t('retention')}
          hint={t('retention_hint')}
          error={problem === undefined ? undefined : codeText(problem.code, problem.params)}
        >
          <TextInput
            id="audit-days"
            inputMode="numeric"
            value={days}
            isInvalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : errorId('audit-days')}
            onChange={(event) => setDays(event.target.value.replace(/\D/g, ''))}
          />
        </FormField>
        <div>
          <Checkbox isChecked={recordsViews} aria-describedby="audit-views-hint" label={t('records_views')} onChange={setRecordsViews} />
          <p id="audit-views-hint" className={styles.hint}>
            {t('records_views_hint')}
          </p>
        </div>
      </form>
    </Dialog>
  );
}
