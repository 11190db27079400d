import { IconClock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '@/api/keys';
import { isSessionOver } from '@/api/session';
import { writeStored } from '@/util/drafts';
import { useFormat } from '@/ui/use-format';
import { HOURS_OVER } from '../hours-over';
import styles from './SeenAsBanner.module.css';

const MINUTE_MS = 60_000;
/** The end is told from here on, … */
const TOLD_MS = 15 * MINUTE_MS;
/** … and from here on with every second. */
const URGENT_MS = 5 * MINUTE_MS;
/** The server may end the session some seconds before or after the page thinks so. */
const TOLERANCE_MS = 30_000;
const ASK_EVERY_MS = 5_000;

/** Drawn anew, with a key of its own, for every answer of the server. */
export interface HoursWarningProps {
  hours: { open_until: string; remaining_ms: number };
}

/** Above everything in the last minutes of the working hours; when they are over it asks the server, which ends the session. */
export function HoursWarning({ hours }: HoursWarningProps) {
  const { t } = useTranslation('app');
  const client = useQueryClient();
  const format = useFormat();
  // By the time that is left, not by the clock of the device, which may be wrong; counted from when the page heard of it.
  const [endsAt] = useState(() => Date.now() + hours.remaining_ms);
  const [now, setNow] = useState(Date.now);
  const left = endsAt - now;
  const isTold = left <= TOLD_MS;

  useEffect(() => {
    const tick = (): void => setNow(Date.now());
    if (isTold) {
      const timer = window.setInterval(tick, 1_000);
      return () => window.clearInterval(timer);
    }
    const timer = window.setTimeout(tick, Math.min(endsAt - Date.now() - TOLD_MS, 60 * MINUTE_MS));
    return () => window.clearTimeout(timer);
  }, [isTold, endsAt, now]);

  const isOver = left <= 0;
  useEffect(() => {
    if (!isOver) return;
    const ask = (): void => void client.invalidateQueries({ queryKey: keys.session, exact: true });
    ask();
    const timer = window.setInterval(ask, ASK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [isOver, client]);

  useEffect(
    () => () => {
      if (isSessionOver(client) && Date.now() >= endsAt - TOLERANCE_MS) writeStored(HOURS_OVER, true);
    },
    [client, endsAt],
  );

  if (!isTold) return null;
  const seconds = Math.max(Math.ceil(left / 1_000), 0);
  const minutes = Math.max(Math.ceil(left / MINUTE_MS), 0);
  return (
    <div className={styles.banner} data-urgent={left <= URGENT_MS || undefined} role="status">
      <IconClock size={16} aria-hidden="true" />
      <span className={styles.text}>{t('hours_end', { count: minutes, time: format.time(hours.open_until) })}</span>
      {/* Spoken once a minute, counted for the eye. */}
      {left <= URGENT_MS && (
        <span className={styles.countdown} aria-hidden="true">
          {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
        </span>
      )}
    </div>
  );
}
