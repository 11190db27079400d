import { IconPencil } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { usePresence } from '@/api/presence';
import type { ObjectType } from '@/api/types';
import { UserAvatar } from '@/fields/UserAvatar';
import { useFormat } from '@/ui/use-format';
import type { OpenEditors } from '../editing/open-editors';
import styles from './Presence.module.css';

/** More faces than this are a number. */
const SHOWN = 3;

/** Who else has the card open now, and who is typing in it. */
export function Presence({ type, id, editors }: { type: ObjectType; id: number; editors: OpenEditors }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const isEditing = useSyncExternalStore(editors.subscribe, editors.isAnyOpen);
  const others = usePresence(type.name, id, isEditing);
  const writers = others.filter((present) => present.is_editing).map((present) => present.user.title);
  const readers = others.filter((present) => !present.is_editing).map((present) => present.user.title);
  const words = [
    writers.length > 0 ? t('presence.editing', { names: format.list(writers), count: writers.length }) : '',
    readers.length > 0 ? t('presence.viewing', { names: format.list(readers), count: readers.length }) : '',
  ].filter((text) => text !== '');
  return (
    <p className={styles.presence} role="status" data-empty={others.length === 0 || undefined}>
      {others.slice(0, SHOWN).map(({ user, is_editing: writes }) => (
        <span key={user.id} className={styles.face} data-writes={writes || undefined} aria-hidden="true">
          <UserAvatar id={user.id} title={user.title} />
          {writes && <IconPencil size={12} className={styles.pencil} />}
        </span>
      ))}
      {words.length > 0 && <span className={styles.words}>{words.join('. ')}</span>}
    </p>
  );
}
