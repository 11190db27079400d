import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeNotificationSettings, useNotificationSettings, type NotificationChannel, type NotificationSettings as Settings } from '@/api/notifications';
import { Checkbox } from '@/ui/Checkbox';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { showToast } from '@/ui/toast';
import { useWanted } from '@/ui/use-wanted';
import { BrowserNotifications } from './BrowserNotifications';
import styles from './ProfileScreen.module.css';

const CHANNELS: readonly NotificationChannel[] = ['page', 'push', 'mail'];
/** The links of letters name it. */
const ANCHOR = 'notifications';

/** What one hears about, and where: kinds by channels. */
export function NotificationSettings() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const settings = useNotificationSettings();
  const section = useRef<HTMLElement>(null);
  const { hash } = useLocation();
  const isThere = settings.data !== undefined;
  useEffect(() => {
    if (isThere && hash === ANCHOR) section.current?.scrollIntoView();
  }, [isThere, hash]);
  return (
    <section ref={section} id={ANCHOR} className={styles.section} aria-labelledby="profile-notifications">
      <div>
        <h2 id="profile-notifications" className={styles.heading}>
          {t('notifications.title')}
        </h2>
        <p className={styles.hint}>{t('notifications.intro')}</p>
      </div>
      {settings.isPending && <Skeleton lines={4} label={t('loading')} />}
      {settings.isError && <ErrorState message={errorText(settings.error)} onRetry={() => void settings.refetch()} />}
      {settings.data !== undefined && <KindTable settings={settings.data} />}
      <BrowserNotifications />
    </section>
  );
}

function KindTable({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const missing = !settings.is_mail_set_up ? 'no_mail' : !settings.has_address ? 'no_address' : null;
  return (
    <>
      <div className={styles.kinds}>
      <Table label={t('notifications.title')}>
        <thead>
          <tr>
            <HeadCell className={styles.kind}>{t('notifications.kind')}</HeadCell>
            {CHANNELS.map((channel) => (
              <HeadCell key={channel} className={styles.channel}>
                {t(`notifications.${channel}`)}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.kinds.map((entry) => (
            <tr key={entry.kind}>
              <Cell className={styles.kind}>{entry.label}</Cell>
              {CHANNELS.map((channel) => (
                <Cell key={channel} className={styles.channel}>
                  <ChannelBox kind={entry} channel={channel} />
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      </div>
      {missing !== null && <p className={styles.hint}>{t(`notifications.${missing}`)}</p>}
    </>
  );
}

function ChannelBox({ kind, channel }: { kind: Settings['kinds'][number]; channel: NotificationChannel }) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const change = useChangeNotificationSettings();
  const { shown, want } = useWanted(kind[channel]);
  return (
    <Checkbox
      isChecked={shown}
      aria-label={t('notifications.named', { kind: kind.label, channel: t(`notifications.${channel}`) })}
      onChange={(isOn) => {
        const saving = change.mutateAsync({ kind: kind.kind, [channel]: isOn });
        want(isOn, saving);
        saving.catch((error: unknown) => showToast(errorText(error), { tone: 'error' }));
      }}
    />
  );
}
