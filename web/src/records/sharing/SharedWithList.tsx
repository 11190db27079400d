import { IconUsersGroup, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordReference } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { UserAvatar } from '@/fields/UserAvatar';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import type { SharedFor, SharedWith } from './sharing';
import styles from './Sharing.module.css';

export interface SharedWithListProps {
  /** In front of the ids of its controls. */
  prefix: string;
  shared: readonly SharedWith[];
  isReadOnly: boolean;
  onChange: (shared: readonly SharedWith[]) => void;
}

/** People and teams, each with what they may; below, the way to one more. */
export function SharedWithList({ prefix, shared, isReadOnly, onChange }: SharedWithListProps) {
  const { t } = useTranslation('sharing');

  function add(record: RecordReference | null): void {
    if (record === null || shared.some((one) => isSame(one.record, record))) return;
    onChange([...shared, { record, may: 'read' }]);
  }

  const idsOf = (type: string): number[] => shared.filter(({ record }) => record.type === type).map(({ record }) => record.id);
  return (
    <div className={styles.stack}>
      {shared.length > 0 && (
        <ul className={styles.people}>
          {shared.map(({ record, may }) => (
            <li key={`${record.type}/${record.id}`} className={styles.person}>
              <Face record={record} />
              <span className={styles.name} title={record.title}>
                {record.title}
              </span>
              {isReadOnly ? (
                <span className={styles.may}>{t(`may.${may}`)}</span>
              ) : (
                <>
                  <Select
                    size="small"
                    className={styles.choice}
                    aria-label={t('may_of', { name: record.title })}
                    value={may}
                    options={(['read', 'write'] as const).map((way) => ({ value: way, label: t(`may.${way}`) }))}
                    onChange={(way) => onChange(shared.map((one) => (isSame(one.record, record) ? { record, may: way as SharedFor } : one)))}
                  />
                  <IconButton
                    size="small"
                    label={t('remove', { name: record.title })}
                    icon={<IconX size={14} />}
                    onClick={() => onChange(shared.filter((one) => !isSame(one.record, record)))}
                  />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {isReadOnly && shared.length === 0 && <p className={styles.quiet}>{t('nobody_else')}</p>}
      {!isReadOnly && (
        <div className={styles.adders}>
          <RecordPicker id={`${prefix}-user`} target="user" filter="is_active = true" value={null} label={t('add_person')} placeholder={t('add_person')} chosenIds={idsOf('user')} onChange={add} />
          <RecordPicker id={`${prefix}-team`} target="team" value={null} label={t('add_team')} placeholder={t('add_team')} chosenIds={idsOf('team')} onChange={add} />
        </div>
      )}
    </div>
  );
}

export function isSame(one: RecordReference, other: RecordReference): boolean {
  return one.type === other.type && one.id === other.id;
}

/** A face, or the sign of a team. */
export function Face({ record }: { record: RecordReference }) {
  if (record.type === 'user') return <UserAvatar id={record.id} title={record.title} />;
  return (
    <span className={styles.team}>
      <IconUsersGroup size={16} aria-hidden="true" />
    </span>
  );
}
