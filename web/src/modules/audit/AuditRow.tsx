import { IconCircleCheck, IconCircleX, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '@/api/audit';
import { useFormat } from '@/ui/use-format';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './AuditScreen.module.css';
import { useAuditWords } from './use-audit-words';

const ICONS = { success: IconCircleCheck, failure: IconCircleX, denied: IconLock } as const;

/** One event in a line: when, who, what, from where. */
export function AuditRow({ event, isShown, onShow }: { event: AuditEvent; isShown: boolean; onShow: () => void }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const words = useAuditWords();
  const Icon = ICONS[event.outcome];
  const what = words.what(event);
  return (
    <button type="button" className={styles.row} aria-current={isShown || undefined} onClick={onShow}>
      <time className={styles.when} dateTime={event.at}>
        {format.instant(event.at)}
      </time>
      <span className={styles.who} title={words.who(event)}>
        {words.who(event)}
      </span>
      <span className={styles.what} title={what}>
        <Icon size={16} aria-hidden="true" data-outcome={event.outcome} />
        <VisuallyHidden>{t(`outcomes.${event.outcome}`)}: </VisuallyHidden>
        <span>{what}</span>
      </span>
      <span className={styles.address}>{event.address}</span>
    </button>
  );
}
