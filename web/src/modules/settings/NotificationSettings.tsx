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
import styles from './ProfileScreen.module.css';

const CHANNELS: readonly NotificationChannel[] = ['page', 'mail'];
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
    </section>
  );
}

function KindTable({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const change = useChangeNotificationSettings();
  const missing = !settings.is_mail_set_up ? 'no_mail' : !settings.has_address ? 'no_address' : null;
  return (
    <>
      <Table label={t('notifications.title')}>
        <thead>
          <tr>
            <HeadCell>{t('notifications.kind')}</HeadCell>
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
                  <Checkbox
                    isChecked={entry[channel]}
                    aria-label={t('notifications.named', { kind: entry.label, channel: t(`notifications.${channel}`) })}
                    onChange={(isOn) =>
                      change.mutate(
                        { kind: entry.kind, [channel]: isOn },
                        { onError: (error) => showToast(errorText(error), { tone: 'error' }) },
                      )
                    }
                  />
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      {missing !== null && <p className={styles.hint}>{t(`notifications.${missing}`)}</p>}
    </>
  );
}
