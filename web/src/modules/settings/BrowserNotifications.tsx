import { IconAlertTriangle, IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { usePushState, useSubscribeHere, useTryPush, useUnsubscribe } from '@/api/push';
import { pushObstacle, type PushSubscriptionItem } from '@/api/push-browser';
import { useSession } from '@/api/session';
import { Badge } from '@/ui/Badge';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { deviceName } from '@/util/device-name';
import styles from './ProfileScreen.module.css';

/** Which browsers show notifications over all windows. It asks the browser for nothing before somebody has pressed the button that says what for. */
export function BrowserNotifications() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { user } = useSession();
  const state = usePushState();
  const subscribe = useSubscribeHere();
  const [obstacle, setObstacle] = useState(pushObstacle);
  if (state.data === undefined) return null;
  const { public_key: publicKey, items } = state.data;
  const isHere = items.some((item) => item.is_here);

  function begin(): void {
    if (publicKey === null) return;
    subscribe.mutate(
      { user: user.id, publicKey },
      {
        onSuccess: (answer) => {
          setObstacle(pushObstacle());
          if (answer !== 'denied') showToast(t('push.begun'));
        },
        onError: (error) => showToast(error instanceof DOMException ? t('push.browser_refuses') : errorText(error), { tone: 'error' }),
      },
    );
  }

  return (
    <div className={styles.browsers}>
      <div>
        <h3 className={styles.subheading}>{t('push.title')}</h3>
        <p className={styles.hint}>{t('push.intro')}</p>
      </div>
      {publicKey === null && <p className={styles.hint}>{t('push.switched_off')}</p>}
      {publicKey !== null && obstacle !== null && (
        <Banner tone="warning">{obstacle === 'denied' ? t(`push.denied_${browserFamily()}`) : t(`push.${obstacle}`)}</Banner>
      )}
      {publicKey !== null && obstacle === null && !isHere && (
        <div>
          <Button look="primary" isBusy={subscribe.isPending} onClick={begin}>
            {t('push.begin')}
          </Button>
        </div>
      )}
      {items.length > 0 && (
        <ul className={styles.sessions}>
          {[...items].sort((a, b) => Number(b.is_here) - Number(a.is_here)).map((item) => (
            <BrowserRow key={item.id} item={item} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** In whose words the way to the setting is told. */
function browserFamily(): 'chrome' | 'firefox' | 'safari' {
  if (/Firefox\//.test(navigator.userAgent)) return 'firefox';
  return /Chrom(e|ium)\//.test(navigator.userAgent) ? 'chrome' : 'safari';
}

function BrowserRow({ item }: { item: PushSubscriptionItem }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const trial = useTryPush();
  const unsubscribe = useUnsubscribe();
  const name = deviceName(item.user_agent) ?? t('sessions.unknown_device');
  const Icon = /iPhone|iPad|Android/.test(name) ? IconDeviceMobile : IconDeviceDesktop;
  const fail = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  return (
    <li className={styles.session}>
      <Icon size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName} title={item.user_agent ?? undefined}>
          {name} {item.is_here && <Badge color="green">{t('push.here')}</Badge>}
        </p>
        {item.failing_since === null ? (
          <p className={styles.hint}>{t('push.since', { when: format.recent(item.created_at) })}</p>
        ) : (
          <p className={styles.lost}>
            <IconAlertTriangle size={16} aria-hidden="true" />
            {t('push.failing', { when: format.recent(item.failing_since) })}
          </p>
        )}
      </div>
      <Button
        size="small"
        isBusy={trial.isPending}
        aria-label={t('push.try_named', { name })}
        onClick={() =>
          trial.mutate(item.id, {
            onSuccess: (result) => showToast(t(`push.tried_${result}`), { tone: result === 'sent' ? 'normal' : 'error' }),
            onError: fail,
          })
        }
      >
        {t('push.try')}
      </Button>
      <Button
        size="small"
        isBusy={unsubscribe.isPending}
        aria-label={t('push.end_named', { name })}
        onClick={() => unsubscribe.mutate(item, { onSuccess: () => showToast(t('push.ended', { name })), onError: fail })}
      >
        {t('push.end')}
      </Button>
    </li>
  );
}
