import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useEndSession, useOpenSessions } from '@/api/session';
import type { OpenSession } from '@/api/types';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { deviceName } from '@/util/device-name';
import styles from './ProfileScreen.module.css';

/** Where one is logged in, and the way to end what one does not know. */
export function OpenSessions() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const sessions = useOpenSessions();
  const items = [...(sessions.data?.items ?? [])].sort((a, b) => Number(b.is_current) - Number(a.is_current));
  return (
    <section className={styles.section} aria-labelledby="profile-sessions">
      <div>
        <h2 id="profile-sessions" className={styles.heading}>
          {t('sessions.title')}
        </h2>
        <p className={styles.hint}>{t('sessions.intro')}</p>
      </div>
      {sessions.isPending && <Skeleton lines={2} label={t('loading')} />}
      {sessions.isError && items.length === 0 && (
        <ErrorState message={errorText(sessions.error)} onRetry={() => void sessions.refetch()} />
      )}
      <ul className={styles.sessions}>
        {items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </section>
  );
}

function SessionRow({ session }: { session: OpenSession }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const end = useEndSession();
  const name = deviceName(session.user_agent) ?? t('sessions.unknown_device');
  const Icon = /iPhone|iPad|Android/.test(name) ? IconDeviceMobile : IconDeviceDesktop;
  const address = session.ip_address ?? null;
  return (
    <li className={styles.session}>
      <Icon size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName} title={session.user_agent ?? undefined}>
          {name}
        </p>
        <p className={styles.hint}>
          {t('sessions.last_seen', { when: format.recent(session.last_seen_at) })}
          {address !== null && ` · ${address}`}
        </p>
      </div>
      {session.is_current ? (
        <Badge color="green">{t('sessions.current')}</Badge>
      ) : (
        <Button
          size="small"
          isBusy={end.isPending}
          aria-label={t('sessions.end_named', { name })}
          onClick={() =>
            end.mutate(session.id, {
              onSuccess: () => showToast(t('sessions.ended', { name })),
              onError: (error) => showToast(errorText(error), { tone: 'error' }),
            })
          }
        >
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}
