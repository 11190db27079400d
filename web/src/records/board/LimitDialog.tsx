import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangeField } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import type { Field, ObjectType } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { limitOf, withLimit } from './limits';
import styles from './RecordBoard.module.css';

export interface LimitDialogProps {
  type: ObjectType;
  field: Field;
  /** The key of the option of the column. */
  option: string;
  column: string;
  onClose: () => void;
}

/** How many cards a column should hold. It is a trait of the option, the same as in the settings of the field. */
export function LimitDialog({ type, field, option, column, onClose }: LimitDialogProps) {
  const { t } = useTranslation(['board', 'records']);
  const errorText = useErrorText();
  const id = useId();
  const before = field.settings.options?.find(({ key }) => key === option)?.max_records;
  const [text, setText] = useState(before?.toString() ?? '');
  const [isWrong, setIsWrong] = useState(false);
  const change = useChangeField(type.name);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const limit = limitOf(text);
    setIsWrong(limit === null);
    if (limit === null) return;
    change.mutate(
      { name: field.name, change: { settings: withLimit(field.settings, option, limit) } },
      {
        onSuccess: () => {
          showToast(t('board:limit_saved', { column }));
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      title={t('board:limit_title', { column })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('records:cancel')}</Button>
          <Button type="submit" form={id} look="primary" isBusy={change.isPending}>
            {t('board:limit_save')}
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} onSubmit={submit}>
        {change.isError && <Banner tone="error">{errorText(change.error)}</Banner>}
        <FormField controlId={`${id}-limit`} label={t('board:limit_label')} hint={t('board:limit_hint')} error={isWrong ? t('board:limit_wrong') : undefined}>
          <TextInput id={`${id}-limit`} data-autofocus="" inputMode="numeric" autoComplete="off" isInvalid={isWrong} value={text} onChange={(event) => setText(event.target.value)} />
        </FormField>
      </form>
    </Dialog>
  );
}
