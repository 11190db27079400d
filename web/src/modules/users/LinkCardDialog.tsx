import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { fieldProblems, useErrorText } from '@/api/errors';
import { forgetRecords, recordQuery, useChangeRecord } from '@/api/records';
import type { RecordItem, RecordReference } from '@/api/types';
import { ProblemText } from '@/fields/ProblemText';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { isEmptyValue } from '@/fields/values';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { errorId, FormField } from '@/ui/FormField';
import { EMPLOYEE, USER_FIELD } from './user-cards';
import styles from './UsersScreen.module.css';

const FORM_ID = 'link-card';
const PICKER_ID = 'link-card-contact';

export interface LinkCardDialogProps {
  user: RecordItem;
  /** The contact that has his e-mail, when that was in the way of a new card. */
  suggested: RecordReference | null;
  onClose: () => void;
}

/** Says which contact is the card of a user. Offered are people who are nobody's card yet. */
export function LinkCardDialog({ user, suggested, onClose }: LinkCardDialogProps) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const client = useQueryClient();
  const change = useChangeRecord('contact');
  const { showDone } = useUndoWithToast();
  const kinds = useObjectType('contact')?.fields.find((field) => field.name === 'contact_type')?.settings.options ?? [];
  const isOffered = kinds.some((option) => option.key === EMPLOYEE && !option.is_retired);
  const [contact, setContact] = useState<RecordReference | null>(suggested);
  const problems = fieldProblems(change.error).get(USER_FIELD) ?? [];

  async function link(chosen: RecordReference): Promise<void> {
    try {
      const { version, values: own } = await client.fetchQuery(recordQuery(chosen.type, chosen.id));
      // Whose card it becomes is an employee, unless he is said to be something else, or nobody is called so any more.
      const becomesEmployee = isOffered && isEmptyValue(own.contact_type);
      const { operation_id: operation } = await change.mutateAsync({
        id: chosen.id,
        version,
        values: { [USER_FIELD]: user.id, ...(becomesEmployee ? { contact_type: EMPLOYEE } : {}) },
        shown: { [USER_FIELD]: { id: user.id, title: user.title, type: user.type }, ...(becomesEmployee ? { contact_type: EMPLOYEE } : {}) },
      });
      forgetRecords(client, chosen.type);
      showDone(t('card_linked', { name: user.title }), operation);
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  return (
    <Dialog
      title={t('link_title', { name: user.title })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} isBusy={change.isPending} disabledReason={contact === null ? t('link_first') : null}>
            {t('link')}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (contact !== null) void link(contact);
        }}
      >
        {suggested !== null && <Banner tone="warning">{t('found_card', { title: suggested.title })}</Banner>}
        {change.isError && problems.length === 0 && <Banner tone="error">{errorText(change.error)}</Banner>}
        <p>{t('link_text')}</p>
        <FormField controlId={PICKER_ID} label={t('contact')}>
          <RecordPicker
            id={PICKER_ID}
            target="contact"
            filter={`kind = person and ${USER_FIELD} is empty`}
            value={contact}
            isInvalid={problems.length > 0}
            describedBy={problems.length > 0 ? errorId(PICKER_ID) : undefined}
            hasAutoFocus={suggested === null}
            onChange={setContact}
          />
        </FormField>
        {problems.map((problem) => (
          <ProblemText key={problem.code} id={errorId(PICKER_ID)} problem={problem} />
        ))}
      </form>
    </Dialog>
  );
}
