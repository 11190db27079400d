import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { hideToast, toastStore, type ToastMessage } from './toast';
import styles from './ToastHost.module.css';

/** Long enough to read a line and to reach Undo. */
const SHOWN_MS = 8_000;

export function ToastHost() {
  const messages = useSyncExternalStore(toastStore.subscribe, toastStore.read);
  return (
    <div className={styles.host} role="status" aria-live="polite" aria-atomic="false">
      <ul className={styles.list}>
        {messages.map((message) => (
          <Toast key={message.id} message={message} />
        ))}
      </ul>
    </div>
  );
}

function Toast({ message }: { message: ToastMessage }) {
  const { t } = useTranslation('ui');
  const { id, text, tone, action } = message;
  const [isHeld, setHeld] = useState(false);

  useEffect(() => {
    if (isHeld || tone === 'error') return;
    const timer = window.setTimeout(() => hideToast(id), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [id, tone, isHeld]);

  return (
    <li
      className={styles.toast}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {tone === 'error' && <IconAlertTriangle size={16} aria-hidden="true" />}
      <span className={styles.text}>{text}</span>
      {action !== null && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            hideToast(id);
            action.onPress();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className={styles.close} aria-label={t('close')} title={t('close')} onClick={() => hideToast(id)}>
        <IconX size={14} />
      </button>
    </li>
  );
}
