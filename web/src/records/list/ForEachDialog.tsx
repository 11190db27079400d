import { IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { fieldProblems, useErrorText } from '@/api/errors';
import { useCreateForEach, type BulkInput } from '@/api/records';
import type { FieldValue } from '@/api/types';
import { Owner } from '@/fields/owner-record';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FieldError } from '@/ui/FormField';
import { lazyPart } from '@/ui/lazy-part';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { toWrite } from '../editing/same-value';
import { FormRow } from '../form/FormRow';
import type { Referring } from '../referring/referring';
import { isUsedFor, useTemplateType } from '../templates/template-type';
import styles from './BulkEditDialog.module.css';

export interface ForEachDialogProps {
  referring: Referring;
  /** For how many records, in words. */
  number: string;
  target: Pick<BulkInput, 'ids' | 'filter'>;
  onStarted: () => void;
  onClose: () => void;
}

const UseTemplateDialog = lazyPart(() => import('../templates/UseTemplateDialog'), 'UseTemplateDialog');

/** One equal record for each of the ticked, or those of a template. */
export function ForEachDialog(props: ForEachDialogProps) {
  const { referring, number, target, onStarted, onClose } = props;
  const [fromTemplate, setFromTemplate] = useState(false);
  const templates = useTemplateType(referring.type);
  const of = useObjectType(referring.field.settings.target ?? '');
  if (fromTemplate && templates !== undefined && of !== undefined) {
    return <UseTemplateDialog type={referring.type} templates={templates} usedFor={{ type: of, target, number }} onDone={onStarted} onClose={onClose} />;
  }
  const hasTemplates = templates !== undefined && of !== undefined && isUsedFor(of.name);
  return <EqualDialog {...props} onTemplate={hasTemplates ? () => setFromTemplate(true) : null} />;
}

/** What all of them shall say. */
function EqualDialog({ referring: { type, field }, number, target, onStarted, onClose, onTemplate }: ForEachDialogProps & { onTemplate: (() => void) | null }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const create = useCreateForEach(type.name);
  const shown = type.fields.filter(
    (candidate) =>
      candidate !== field &&
      candidate.access === 'write' &&
      !candidate.is_read_only &&
      !candidate.is_retired &&
      candidate.kind !== 'file' &&
      (candidate.name === type.title_field || type.default_columns.includes(candidate.name) || candidate.kind === 'long_text'),
  );
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>(() =>
    Object.fromEntries(shown.filter((candidate) => candidate.default != null).map((candidate) => [candidate.name, candidate.default])),
  );
  const problems = fieldProblems(create.error);
  const kind = format.label(type.labels);

  function start(): void {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
    create.mutate(
      { ...target, field: field.name, values: Object.fromEntries(given.map(([name, value]) => [name, toWrite(value)])) },
      {
        onSuccess: () => {
          showToast(t('for_each.started', { kind, number }));
          onStarted();
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('for_each.title', { kind, number })}
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" isBusy={create.isPending} disabledReason={(values[type.title_field] ?? '') === '' && t('for_each.needs_title')} onClick={start}>
            {t('for_each.create', { number })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {onTemplate !== null && (
          <div>
            <Button look="link" icon={<IconTemplate size={16} />} onClick={onTemplate}>
              {t('templates.each_button')}
            </Button>
          </div>
        )}
        <Owner value={{ type: type.name, id: null, values }}>
          {shown.map((candidate) => (
            <FormRow
              key={candidate.name}
              field={candidate}
              value={values[candidate.name]}
              isRequired={candidate.is_required}
              hint=""
              problems={problems.get(candidate.name) ?? []}
              onChange={(value) => setValues((before) => ({ ...before, [candidate.name]: value }))}
              onLeave={() => undefined}
              onPartLeave={() => undefined}
            />
          ))}
        </Owner>
        {create.isError && !shown.some((candidate) => problems.has(candidate.name)) && <FieldError>{errorText(create.error)}</FieldError>}
      </div>
    </Dialog>
  );
}
