import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { FieldValue, ObjectType, RecordItem, Values } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { fieldEditors } from '@/fields/editors';
import { asText } from '@/fields/values';
import { isSameValue } from '@/records/editing/same-value';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { timeZoneOptions } from '@/util/time-zones';
import styles from './UsersScreen.module.css';

/** What an administrator sets for somebody; the login stays, history refers to it. */
const FIELDS = ['name', 'email', 'roles', 'head', 'language', 'time_zone'];
const FORM_ID = 'change-user';

export interface ChangeUserDialogProps {
  type: ObjectType;
  user: RecordItem;
  onClose: () => void;
}

export function ChangeUserDialog({ type, user, onClose }: ChangeUserDialogProps) {
  const { t } = useTranslation('users');
  const format = useFormat();
  const errorText = useErrorText();
  const session = useSession();
  const change = useChangeRecord('user');
  const [values, setValues] = useState<Values>(user.values);
  const fields = type.fields.filter((field) => FIELDS.includes(field.name) && field.access === 'write' && !field.is_read_only);
  const problems = fieldProblems(change.error);
  const isPlaced = fields.some((field) => problems.has(field.name));
  const endsOwnSession = user.id === session.user.id && !isSameValue(user.values.roles, values.roles);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const changed: [string, FieldValue][] = fields
      .filter((field) => !isSameValue(user.values[field.name], values[field.name]))
      .map((field) => [field.name, values[field.name] ?? null]);
    if (changed.length === 0) {
      onClose();
      return;
    }
    change.mutate(
      { id: user.id, version: user.version, values: Object.fromEntries(changed) },
      {
        onSuccess: () => {
          showToast(t('changed', { name: user.title }));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('change_title', { name: user.title })}
      isDirty={fields.some((field) => !isSameValue(user.values[field.name], values[field.name]))}
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
        {change.isError && !isPlaced && <Banner tone="error">{errorText(change.error)}</Banner>}
        {endsOwnSession && <Banner tone="warning">{t('own_role')}</Banner>}
        {fields.map((field, index) => {
          const { Input } = fieldEditors(field.kind);
          const id = `user-${field.name}`;
          const own = problems.get(field.name) ?? [];
          return (
            <div key={field.name}>
              <FormField controlId={id} label={format.label(field.labels)} isRequired={field.is_required}>
                {field.name === 'time_zone' ? (
                  <Select
                    id={id}
                    value={asText(values.time_zone)}
                    options={timeZoneOptions(asText(values.time_zone), format.language, new Date())}
                    isInvalid={own.length > 0}
                    onChange={(zone) => setValues({ ...values, time_zone: zone })}
                  />
                ) : (
                  <Input
                    id={id}
                    field={field}
                    value={values[field.name]}
                    problems={own}
                    describedBy={own.length > 0 ? errorId(id) : undefined}
                    hasAutoFocus={index === 0}
                    onChange={(value) => setValues({ ...values, [field.name]: value })}
                  />
                )}
              </FormField>
              {own.map((problem) => (
                <ProblemText key={problem.code} id={errorId(id)} problem={problem} />
              ))}
            </div>
          );
        })}
      </form>
    </Dialog>
  );
}
