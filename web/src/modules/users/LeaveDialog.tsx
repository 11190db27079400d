import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { holdingsQuery, useHandOver, type Holding } from '@/api/handover';
import type { RecordItem, RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { FormField } from '@/ui/FormField';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import styles from './UsersScreen.module.css';

const FORM_ID = 'leave';
const HEIR_ID = 'leave-heir';

export interface LeaveDialogProps {
  user: RecordItem;
  onClose: () => void;
}

/** A colleague leaves: he cannot log in any more, and what he had goes to somebody else. */
export function LeaveDialog({ user, onClose }: LeaveDialogProps) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const label = useHoldingLabel();
  const holdings = useQuery(holdingsQuery(user.id));
  const handOver = useHandOver(user.id);
  const [heir, setHeir] = useState<RecordReference | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const items = holdings.data?.items ?? [];
  const given = heir === null ? [] : items.filter((item) => !left.has(keyOf(item)));

  function submit(event: FormEvent): void {
    event.preventDefault();
    handOver.mutate(
      given.map(({ type, field }) => ({ type, field, to: heir?.id ?? null })),
      { onSuccess: onClose },
    );
  }

  function toggle(item: Holding, isGiven: boolean): void {
    const next = new Set(left);
    if (isGiven) next.delete(keyOf(item));
    else next.add(keyOf(item));
    setLeft(next);
  }

  return (
    <Dialog
      title={t('leave.title', { name: user.title })}
      onClose={onClose}
      isDirty={heir !== null}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="danger" type="submit" form={FORM_ID} isBusy={handOver.isPending} disabledReason={holdings.isPending ? t('loading') : null}>
            {given.length > 0 && heir !== null ? t('leave.hand_over', { name: heir.title }) : t('leave.only')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className={styles.form} onSubmit={submit} noValidate>
        {handOver.isError && <Banner tone="error">{errorText(handOver.error)}</Banner>}
        {holdings.isError && <Banner tone="error">{errorText(holdings.error)}</Banner>}
        <p>{t('leave.text')}</p>
        {holdings.isPending && <Skeleton lines={3} label={t('loading')} />}
        {holdings.isSuccess && items.length === 0 && <p>{t('leave.nothing')}</p>}
        {items.length > 0 && (
          <>
            <FormField controlId={HEIR_ID} label={t('leave.to')} hint={t('leave.to_hint')}>
              <RecordPicker id={HEIR_ID} target="user" filter={`is_active = true and not (id = ${user.id})`} value={heir} hasAutoFocus onChange={setHeir} />
            </FormField>
            <fieldset className={styles.holdings} disabled={heir === null}>
              <legend>{t('leave.what')}</legend>
              {items.map((item) => (
                <Checkbox
                  key={keyOf(item)}
                  isChecked={heir !== null && !left.has(keyOf(item))}
                  label={label(item)}
                  onChange={(isGiven) => toggle(item, isGiven)}
                />
              ))}
            </fieldset>
          </>
        )}
      </form>
    </Dialog>
  );
}

function keyOf({ type, field }: Holding): string {
  return `${type}.${field}`;
}

/** "Contacts, Managers: 340". */
function useHoldingLabel(): (item: Holding) => string {
  const { t } = useTranslation('users');
  const format = useFormat();
  const types = useCatalog().object_types;
  return (item) => {
    const type = types.find((candidate) => candidate.name === item.type);
    const field = type?.fields.find((candidate) => candidate.name === item.field);
    return t(item.is_capped ? 'leave.holding_capped' : 'leave.holding', {
      type: type === undefined ? item.type : format.label(type.labels_plural),
      field: field === undefined ? item.field : format.label(field.labels),
      count: item.count,
      number: format.number(item.count),
    });
  };
}
