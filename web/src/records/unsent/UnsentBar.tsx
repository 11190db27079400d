import { IconCloudUp } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connectionStore } from '@/api/connection';
import type { Unsent } from '@/api/unsent';
import { showToast } from '@/ui/toast';
import { classNames } from '@/util/class-names';
import { sendUnsent } from './send';
import styles from './Unsent.module.css';
import { UnsentDialog } from './UnsentDialog';

/** How often it is tried while something waits. */
const AGAIN_MS = 10_000;

export interface UnsentBarProps {
  userId: number;
  entries: readonly Unsent[];
}

/** Says what waits for the connection or for a decision, and sends it as soon as the server can be reached. */
export function UnsentBar({ userId, entries }: UnsentBarProps) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const { isReachable } = useSyncExternalStore(connectionStore.subscribe, connectionStore.read);
  const refused = entries.filter((entry) => entry.problem !== null).length;
  const waiting = entries.length - refused;
  const isWaiting = waiting > 0;
  const said = useRef(0);

  // The bar may be above what is looked at: that it was kept is said where all is said.
  useEffect(() => {
    if (waiting > said.current) showToast(t('unsent.kept'));
    said.current = waiting;
  }, [waiting, t]);

  useEffect(() => {
    if (!isWaiting) return;
    const send = (): void => {
      void sendUnsent(client).then((sent) => {
        if (sent > 0) showToast(t('unsent.sent', { count: sent }));
      });
    };
    if (isReachable) send();
    const again = window.setInterval(send, AGAIN_MS);
    return () => window.clearInterval(again);
  }, [client, isReachable, isWaiting, t]);

  const text = [refused > 0 && t('unsent.refused', { count: refused }), isWaiting && t('unsent.waiting', { count: waiting })].filter(Boolean).join(' · ');
  return (
    <>
      <div className={classNames(styles.bar, refused > 0 && styles.refused)}>
        <IconCloudUp size={16} aria-hidden="true" />
        <span role="status">{text}</span>
        <button type="button" className={styles.show} aria-label={t('unsent.show_named', { text })} onClick={() => setIsOpen(true)}>
          {t('unsent.show')}
        </button>
      </div>
      {isOpen && <UnsentDialog userId={userId} entries={entries} onClose={() => setIsOpen(false)} />}
    </>
  );
}
