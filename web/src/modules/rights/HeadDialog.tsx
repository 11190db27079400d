import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { asReference } from '@/fields/values';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { canMove } from '@/util/tree';
import type { PersonItem } from './PersonRow';

const FORM_ID = 'head-form';

export interface HeadDialogProps {
  person: PersonItem;
  items: readonly PersonItem[];
  onChoose: (head: RecordReference | null) => void;
  onClose: () => void;
}

/** To whom somebody reports. */
export function HeadDialog({ person, items, onChoose, onClose }: HeadDialogProps) {
  const { t } = useTranslation('rights');
  const stored = asReference(person.user.values.head);
  const [head, setHead] = useState<RecordReference | null>(stored);
  const isSame = head?.id === stored?.id;
  const isRing = head !== null && !isSame && !canMove(items, person.id, head.id);
  return (
    <Dialog
      title={t('tree.head_title', { name: person.title })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={FORM_ID} disabledReason={isRing ? t('tree.ring', { name: person.title, head: head.title }) : null}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form
        id={FORM_ID}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (isSame) onClose();
          else if (!isRing) onChoose(head);
        }}
      >
        <FormField controlId="person-head" label={t('tree.reports_to_label')} error={isRing ? t('tree.ring', { name: person.title, head: head.title }) : undefined}>
          <RecordPicker
            id="person-head"
            target="user"
            filter={`is_active = true and id != ${person.id}`}
            value={head}
            hasAutoFocus
            placeholder={t('tree.is_free')}
            isInvalid={isRing}
            onChange={setHead}
          />
        </FormField>
      </form>
    </Dialog>
  );
}
