import { IconCalendarShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppPasswords, useCreateAppPassword, useRevokeAppPassword, type AppPassword, type NewAppPassword } from '@/api/app-passwords';
import { useErrorText } from '@/api/errors';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { Dialog } from '@/ui/Dialog';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { DeviceRow } from './DeviceRow';
import { NewAppPasswordDialog } from './NewAppPasswordDialog';
import styles from './ProfileScreen.module.css';
import { usePasswordAgain } from './sign-in/use-password-again';

/** The own calendar in other programs: devices that read and write, and secret addresses that are only read. */
export function CalendarAddresses() {
  const { t } = useTranslation('settings');
  return (
    <section className={styles.section} aria-labelledby="profile-calendar">
      <div>
        <h2 id="profile-calendar" className={styles.heading}>
          {t('calendar_addresses.title')}
        </h2>
        <p className={styles.hint}>{t('calendar_addresses.ways')}</p>
      </div>
      <Devices />
      <Addresses />
    </section>
  );
}

/** The phones and programs that keep the own events and tasks in step. */
function Devices() {
  const { t } = useTranslation('settings');
  const devices = useAppPasswords().data?.items.filter(({ gives }) => gives === 'events_and_tasks') ?? [];
  const [isMaking, setIsMaking] = useState(false);
  return (
    <div className={styles.devices} role="group" aria-labelledby="calendar-devices">
      <div>
        <h3 id="calendar-devices" className={styles.subheading}>
          {t('calendar_devices.title')}
        </h3>
        <p className={styles.hint}>{t('calendar_devices.intro')}</p>
      </div>
      {devices.length > 0 && (
        <ul className={styles.sessions}>
          {devices.map((device) => (
            <DeviceRow key={device.id} password={device} />
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => setIsMaking(true)}>{t('calendar_devices.add')}</Button>
      </div>
      {isMaking && <NewAppPasswordDialog gives="events_and_tasks" onClose={() => setIsMaking(false)} />}
    </div>
  );
}

/** The secret addresses under which other calendars read one's own. */
function Addresses() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const addresses = useAppPasswords().data?.items.filter(({ gives }) => gives === 'calendar') ?? [];
  const create = useCreateAppPassword();
  const [made, setMade] = useState<NewAppPassword | null>(null);
  const { run, question } = usePasswordAgain();

  function make(): void {
    const input = { name: t('calendar_addresses.name', { number: addresses.length + 1 }), gives: 'calendar' } as const;
    run(() => create.mutateAsync(input), { onSuccess: setMade, onError: (error) => showToast(errorText(error), { tone: 'error' }), onCancel: () => create.reset() });
  }

  return (
    <div className={styles.devices} role="group" aria-labelledby="calendar-addresses">
      <div>
        <h3 id="calendar-addresses" className={styles.subheading}>
          {t('calendar_addresses.address_title')}
        </h3>
        <p className={styles.hint}>{t('calendar_addresses.intro')}</p>
      </div>
      {addresses.length > 0 && (
        <ul className={styles.sessions}>
          {addresses.map((address) => (
            <AddressRow key={address.id} address={address} />
          ))}
        </ul>
      )}
      <div>
        <Button isBusy={create.isPending} onClick={make}>
          {t('calendar_addresses.add')}
        </Button>
      </div>
      {question}
      {made !== null && (
        <Dialog
          title={t('calendar_addresses.made')}
          size="small"
          closesOnBackdrop={false}
          onClose={() => setMade(null)}
          footer={
            <Button look="primary" onClick={() => setMade(null)} data-autofocus="">
              {t('app_passwords.done')}
            </Button>
          }
        >
          <div className={styles.section}>
            <Banner tone="warning">{t('calendar_addresses.once')}</Banner>
            <CopyField
              id="calendar-address"
              label={t('calendar_addresses.address')}
              value={`${window.location.origin}${made.address ?? ''}`}
              copyLabel={t('calendar_addresses.copy')}
              copiedText={t('app_passwords.copied')}
            />
            <p className={styles.hint}>{t('calendar_addresses.how')}</p>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function AddressRow({ address }: { address: AppPassword }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const revoke = useRevokeAppPassword();
  const { id, name } = address;
  const details = [
    t('app_passwords.made', { when: format.recent(address.created_at) }),
    address.last_used_at === null ? t('app_passwords.never_used') : t('app_passwords.used', { when: format.recent(address.last_used_at) }),
  ];
  return (
    <li className={styles.session}>
      <IconCalendarShare size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{name}</p>
        <p className={styles.hint}>{details.join(' · ')}</p>
      </div>
      <Button
        size="small"
        isBusy={revoke.isPending}
        aria-label={t('app_passwords.revoke_named', { name })}
        onClick={() =>
          revoke.mutate(id, {
            onSuccess: () => showToast(t('calendar_addresses.revoked', { name })),
            onError: (error) => showToast(errorText(error), { tone: 'error' }),
          })
        }
      >
        {t('app_passwords.revoke')}
      </Button>
    </li>
  );
}
