import { IconAlertTriangle, IconDeviceMobile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useRevokeAppPassword, type AppPassword } from '@/api/app-passwords';
import { useErrorText } from '@/api/errors';
import { Button } from '@/ui/Button';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { textsOf } from './device-texts';
import styles from './ProfileScreen.module.css';

/** A phone or program with a password of its own: what it gets and may, when it asked last, and the way to take that back. */
export function DeviceRow({ password }: { password: AppPassword }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const errorText = useErrorText();
  const revoke = useRevokeAppPassword();
  const { name, contacts, contacts_id: setId, contacts_title: title } = password;
  const texts = textsOf(password.gives);
  const isLost = setId !== null && title === null;
  const details = [
    ...(isLost || contacts === null ? [] : [t(`app_passwords.books.${contacts}`, { title })]),
    t(`${texts}.${password.may_write ? 'writes' : 'reads'}`),
    t('app_passwords.made', { when: format.recent(password.created_at) }),
    password.last_used_at === null ? t('app_passwords.never_used') : t('app_passwords.used', { when: format.recent(password.last_used_at) }),
  ];
  return (
    <li className={styles.session}>
      <IconDeviceMobile size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{name}</p>
        {isLost && (contacts === 'view' || contacts === 'group') && (
          <p className={styles.lost}>
            <IconAlertTriangle size={16} aria-hidden="true" />
            <span>{t(`app_passwords.lost.${contacts}`)}</span>
          </p>
        )}
        <p className={styles.hint}>{details.join(' · ')}</p>
      </div>
      <Button
        size="small"
        isBusy={revoke.isPending}
        aria-label={t('app_passwords.revoke_named', { name })}
        onClick={() =>
          revoke.mutate(password.id, {
            onSuccess: () => showToast(t(`${texts}.revoked`, { name })),
            onError: (error) => showToast(errorText(error), { tone: 'error' }),
          })
        }
      >
        {t('app_passwords.revoke')}
      </Button>
    </li>
  );
}
