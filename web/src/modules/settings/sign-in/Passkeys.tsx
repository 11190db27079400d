import { IconFingerprint } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasPasskeys, usePasskeys, type Passkey } from '@/api/passkeys';
import { setupQuery } from '@/api/session';
import type { SecondStep } from '@/api/sign-in';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import styles from '../ProfileScreen.module.css';
import { NewPasskeyDialog } from './NewPasskeyDialog';
import { RemovePasskeyDialog } from './RemovePasskeyDialog';

/** The own passkeys as rows of the list of second steps. */
export function Passkeys({ step }: { step: SecondStep }) {
  const { t } = useTranslation('sign-in');
  const passkeys = usePasskeys();
  const setup = useQuery(setupQuery);
  const [isMaking, setIsMaking] = useState(false);
  const items = passkeys.data?.items ?? [];
  const isLast = items.length === 1 && step.codes_since === null;
  const reason = setup.data?.takes_passkeys !== true ? t('passkeys_need_address') : hasPasskeys() ? null : t('passkeys_need_https');
  return (
    <>
      {items.map((passkey) => (
        <PasskeyRow key={passkey.id} passkey={passkey} isLast={isLast} isRequired={step.is_required} />
      ))}
      <li className={styles.session}>
        <IconFingerprint size={20} stroke={1.5} aria-hidden="true" />
        <div className={styles.device}>
          <p className={styles.deviceName}>{t(items.length === 0 ? 'passkeys' : 'another_passkey')}</p>
          <p className={styles.hint}>{reason ?? t('passkeys_hint')}</p>
        </div>
        <Button size="small" disabledReason={reason} onClick={() => setIsMaking(true)}>
          {t('add_passkey')}
        </Button>
        {isMaking && <NewPasskeyDialog onClose={() => setIsMaking(false)} />}
      </li>
    </>
  );
}

function PasskeyRow({ passkey, isLast, isRequired }: { passkey: Passkey; isLast: boolean; isRequired: boolean }) {
  const { t } = useTranslation('sign-in');
  const format = useFormat();
  const [isRemoving, setIsRemoving] = useState(false);
  const details = [
    t('passkey_made', { when: format.recent(passkey.created_at) }),
    passkey.last_used_at === null ? t('passkey_never_used') : t('passkey_used', { when: format.recent(passkey.last_used_at) }),
  ];
  return (
    <li className={styles.session}>
      <IconFingerprint size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{passkey.name}</p>
        <p className={styles.hint}>{details.join(' · ')}</p>
      </div>
      <Button
        size="small"
        aria-label={t('remove_passkey_named', { name: passkey.name })}
        disabledReason={isLast && isRequired ? t('is_required') : null}
        onClick={() => setIsRemoving(true)}
      >
        {t('remove_passkey')}
      </Button>
      {isRemoving && <RemovePasskeyDialog passkey={passkey} isLast={isLast} onClose={() => setIsRemoving(false)} />}
    </li>
  );
}
