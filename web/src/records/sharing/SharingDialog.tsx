import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { forgetRecords, useChangeRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { UserAvatar } from '@/fields/UserAvatar';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useQueryClient } from '@tanstack/react-query';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { changedValues, hasOneOwner, maySet, ownerField, sharingOf, VISIBILITY, visibilityOptions, type Sharing } from './sharing';
import { SharedWithList } from './SharedWithList';
import styles from './Sharing.module.css';

export interface SharingDialogProps {
  type: ObjectType;
  record: RecordItem;
  onClose: () => void;
}

/** Who sees a card: whose it is, everyone or nobody else, and the people and teams that it is opened to. */
export function SharingDialog({ type, record, onClose }: SharingDialogProps) {
  const { t } = useTranslation('sharing');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const change = useChangeRecord(type.name);
  const { undo } = useUndoWithToast();
  const owner = ownerField(type);
  const [before] = useState<Sharing>(() => sharingOf(record, owner));
  const [version] = useState(record.version);
  const [sharing, setSharing] = useState(before);
  const { values, shown } = changedValues(before, sharing, owner);
  const isDirty = Object.keys(values).length > 0;
  const canEdit = record.can_edit && record.deleted_at === null;
  const maySetHere = (field: string): boolean => canEdit && maySet(type, field) && record.locked_fields?.includes(field) !== true;
  const canShare = type.permissions.share && maySetHere(VISIBILITY);
  const canGive = owner !== undefined && maySetHere(owner.name);
  const isOne = hasOneOwner(owner);
  const ownersTitle = format.label(owner?.labels);
  const options = visibilityOptions(type);
  const chosen = options.find((option) => option.key === sharing.visibility);

  async function save(): Promise<void> {
    try {
      const { operation_id: operation } = await change.mutateAsync({ id: record.id, version, values, shown });
      forgetRecords(client, type.name);
      showToast(t('saved', { name: record.title }), {
        action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) },
      });
      onClose();
    } catch {
      // Told in the dialog.
    }
  }

  return (
    <Dialog
      title={t('title')}
      isDirty={isDirty}
      isText={!canShare && !canGive}
      onClose={onClose}
      footer={
        canShare || canGive ? (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button look="primary" isBusy={change.isPending} onClick={() => (isDirty ? void save() : onClose())}>
              {t('save')}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={onClose}>
            {t('close')}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        {change.isError && <Banner tone="error">{errorText(change.error)}</Banner>}
        {!canShare && <Banner tone="info">{t(canEdit ? 'no_right' : 'read_only')}</Banner>}
        <section className={styles.part} aria-label={t('everyone')}>
          <h3 className={styles.heading}>{t('everyone')}</h3>
          {canShare ? (
            <SegmentedChoice
              label={t('everyone')}
              className={styles.everyone}
              value={sharing.visibility}
              options={options.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
              onChange={(visibility) => setSharing({ ...sharing, visibility })}
            />
          ) : (
            <p>{format.label(chosen?.labels)}</p>
          )}
        </section>
        {owner !== undefined && (
          <section className={styles.part} aria-label={ownersTitle}>
            <h3 className={styles.heading}>{ownersTitle}</h3>
            <p className={styles.quiet}>{t(isOne ? 'responsible_hint' : 'managers_hint')}</p>
            {sharing.owners.length > 0 && (
              <ul className={styles.people}>
                {sharing.owners.map((person) => (
                  <li key={person.id} className={styles.person}>
                    <UserAvatar id={person.id} title={person.title} />
                    <span className={styles.name} title={person.title}>
                      {person.title}
                    </span>
                    {canGive && !isOne && (
                      <IconButton
                        size="small"
                        label={t('remove', { name: person.title })}
                        icon={<IconX size={14} />}
                        onClick={() => setSharing({ ...sharing, owners: sharing.owners.filter(({ id }) => id !== person.id) })}
                      />
                    )}
                  </li>
                ))}
              </ul>
            )}
            {canGive && (
              <RecordPicker
                id="sharing-manager"
                target="user"
                filter="is_active = true"
                value={null}
                label={t(isOne ? 'choose_responsible' : 'add_manager')}
                placeholder={t(isOne ? 'choose_responsible' : 'add_manager')}
                chosenIds={sharing.owners.map(({ id }) => id)}
                onChange={(person) => {
                  if (person === null || sharing.owners.some(({ id }) => id === person.id)) return;
                  setSharing({ ...sharing, owners: isOne ? [person] : [...sharing.owners, person] });
                }}
              />
            )}
          </section>
        )}
        <section className={styles.part} aria-label={t('others')}>
          <h3 className={styles.heading}>{t('others')}</h3>
          <SharedWithList prefix="sharing" shared={sharing.shared} isReadOnly={!canShare} onChange={(shared) => setSharing({ ...sharing, shared })} />
        </section>
      </div>
    </Dialog>
  );
}
