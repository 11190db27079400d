import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { IconButton } from '@/ui/IconButton';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { setsFor, type SetsToChange } from './sharing';
import { Face, isSame } from './SharedWithList';
import styles from './Sharing.module.css';

export interface BulkSharingDialogProps {
  /** How many cards, in words. */
  number: string;
  isBusy: boolean;
  onApply: (sets: SetsToChange) => void;
  onClose: () => void;
}

type What = 'read' | 'write' | 'none';

/** Opens many cards to people and teams, or takes that back; who else sees them stays. */
export function BulkSharingDialog({ number, isBusy, onApply, onClose }: BulkSharingDialogProps) {
  const { t } = useTranslation('sharing');
  const [what, setWhat] = useState<What>('read');
  const [people, setPeople] = useState<readonly RecordReference[]>([]);
  const add = (record: RecordReference | null): void => {
    if (record !== null && !people.some((one) => isSame(one, record))) setPeople([...people, record]);
  };
  const idsOf = (type: string): number[] => people.filter((one) => one.type === type).map(({ id }) => id);
  return (
    <Dialog
      title={t('bulk.title', { number })}
      size="small"
      closesOnBackdrop={false}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look={what === 'none' ? 'danger' : 'primary'}
            isBusy={isBusy}
            disabledReason={people.length === 0 && t('bulk.needs_people')}
            onClick={() => onApply(setsFor(people, what === 'none' ? null : what))}
          >
            {t(what === 'none' ? 'bulk.take' : 'bulk.give', { number })}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <SegmentedChoice
          label={t('bulk.what')}
          value={what}
          options={(['read', 'write', 'none'] as const).map((value) => ({ value, label: t(value === 'none' ? 'bulk.none' : `may.${value}`) }))}
          onChange={setWhat}
        />
        <div className={styles.stack}>
          {people.length > 0 && (
            <ul className={styles.people}>
              {people.map((one) => (
                <li key={`${one.type}/${one.id}`} className={styles.person}>
                  <Face record={one} />
                  <span className={styles.name} title={one.title}>
                    {one.title}
                  </span>
                  <IconButton size="small" label={t('remove', { name: one.title })} icon={<IconX size={14} />} onClick={() => setPeople(people.filter((other) => !isSame(other, one)))} />
                </li>
              ))}
            </ul>
          )}
          <div className={styles.adders}>
            <RecordPicker id="bulk-sharing-user" target="user" filter="is_active = true" value={null} label={t('add_person')} placeholder={t('add_person')} chosenIds={idsOf('user')} hasAutoFocus onChange={add} />
            <RecordPicker id="bulk-sharing-team" target="team" value={null} label={t('add_team')} placeholder={t('add_team')} chosenIds={idsOf('team')} onChange={add} />
          </div>
        </div>
        <p className={styles.quiet}>{t('bulk.hint')}</p>
      </div>
    </Dialog>
  );
}
