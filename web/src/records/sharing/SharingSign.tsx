import { IconLock, IconUsers, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { lazyPart } from '@/ui/lazy-part';
import { useFormat } from '@/ui/use-format';
import { isShareable, sharingOf, visibilityOptions } from './sharing';
import styles from './SharingSign.module.css';

const SharingDialog = lazyPart(() => import('./SharingDialog'), 'SharingDialog');

/** How a card is shared, as a small sign; a press says with whom and changes it. */
export function SharingSign({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('sharing');
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  if (!isShareable(type) || !('visibility' in record.values)) return null;
  const { visibility, shared } = sharingOf(record, undefined);
  const isForAll = visibility !== 'private';
  const Icon = isForAll ? IconWorld : shared.length > 0 ? IconUsers : IconLock;
  const everyone = format.label(visibilityOptions(type).find((option) => option.key === visibility)?.labels);
  const text = !isForAll && shared.length > 0 ? t('shared_with', { count: shared.length }) : everyone;
  return (
    <>
      <button
        type="button"
        className={styles.sign}
        aria-label={t('sign', { text })}
        title={shared.length === 0 ? t('title') : t('named', { names: format.list(shared.map((one) => one.record.title)) })}
        onClick={() => setIsOpen(true)}
      >
        <Icon size={14} aria-hidden="true" />
        {text}
      </button>
      {isOpen && <SharingDialog type={type} record={record} onClose={() => setIsOpen(false)} />}
    </>
  );
}
