import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { hideToast, toastStore } from './toast';
import styles from './ToastHost.module.css';

/** Long enough to read a line and to reach Undo. */
const SHOWN_MS = 8_000;

export function ToastHost() {
  const { t } = useTranslation('ui');
  const message = useSyncExternalStore(toastStore.subscribe, toastStore.read);
  // By its number: a message that is taken away under the pointer does not hold the next one.
  const [heldId, setHeldId] = useState<number | null>(null);
  const isHeld = message !== null && heldId === message.id;

  useEffect(() => {
    if (message === null || isHeld || message.tone === 'error') return;
    const timer = window.setTimeout(hideToast, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [message, isHeld]);

  return (
    <div className={styles.host} role="status" aria-live="polite">
      {message !== null && (
        <div
          key={message.id}
          className={styles.toast}
          onMouseEnter={() => setHeldId(message.id)}
          onMouseLeave={() => setHeldId(null)}
          onFocus={() => setHeldId(message.id)}
          onBlur={() => setHeldId(null)}
        >
          {message.tone === 'error' && <IconAlertTriangle size={16} aria-hidden="true" />}
          <span className={styles.text}>{message.text}</span>
          {message.action !== null && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                const { action } = message;
                hideToast();
                action?.onPress();
              }}
            >
              {message.action.label}
            </button>
          )}
          <button type="button" className={styles.close} aria-label={t('close')} title={t('close')} onClick={hideToast}>
            <IconX size={14} />
          </button>
        </div>
      )}
    </div>
  );
}
