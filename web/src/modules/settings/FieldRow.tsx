import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useChangeField, useIndexField } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import type { Field, ObjectType } from '@/api/types';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './FieldsScreen.module.css';

export interface FieldRowProps {
  type: ObjectType;
  field: Field;
  onChange: () => void;
}

/** One field: its name, kind and what is special about it. */
export function FieldRow({ type, field, onChange }: FieldRowProps) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const change = useChangeField(type.name);
  const index = useIndexField(type.name);
  const name = format.label(field.labels);
  const onError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });

  // The row moves to another list and is drawn anew, so its own callbacks would be lost: the promise is not.
  function setRetired(isRetired: boolean): void {
    change.mutateAsync({ name: field.name, change: { is_retired: isRetired } }).then(
      () =>
        showToast(isRetired ? t('fields.is_retired', { name }) : t('fields.is_restored', { name }), {
          action: isRetired ? { label: t('fields.restore'), onPress: () => setRetired(false) } : null,
        }),
      onError,
    );
  }

  const isNeeded = field.is_required || field.required_if !== null || field.name === type.title_field;
  const items: MenuItem[] = [{ key: 'change', label: t('fields.change'), onSelect: onChange }];
  if (field.is_custom && field.is_filterable && field.is_indexed !== true) {
    items.push({
      key: 'index',
      label: t('fields.make_index'),
      onSelect: () => index.mutate(field.name, { onSuccess: () => showToast(t('fields.index_started', { name })), onError }),
    });
  }
  items.push({
    key: 'retire',
    label: t('fields.retire'),
    startsGroup: true,
    disabledReason: isNeeded ? t('fields.cannot_retire') : null,
    onSelect: () => setRetired(true),
  });

  return (
    <li className={styles.row} data-retired={field.is_retired || undefined}>
      <button type="button" className={styles.name} onClick={onChange} title={t('fields.change_named', { name })}>
        {name}
      </button>
      <span className={styles.kind}>{t(`fields.kinds.${field.kind}`)}</span>
      <span className={styles.badges}>
        {(field.is_required || field.required_if !== null) && <Badge color="amber">{t('fields.badges.required')}</Badge>}
        {field.is_custom && <Badge color="blue">{t('fields.badges.custom')}</Badge>}
        {field.is_indexed === true && <Badge>{t('fields.badges.indexed')}</Badge>}
        {field.is_read_only && <Badge>{t('fields.badges.derived')}</Badge>}
      </span>
      {field.is_retired ? (
        <Button size="small" isBusy={change.isPending} onClick={() => setRetired(false)}>
          {t('fields.restore')}
        </Button>
      ) : (
        <Menu trigger={<IconButton size="small" label={t('fields.menu', { name })} icon={<IconDots size={16} />} />} items={items} />
      )}
    </li>
  );
}
