import { IconFingerprint } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { hasPasskeys, PasskeyRefused, usePasskeyLogin } from '@/api/passkeys';
import type { SecondStepWish } from '@/api/sign-in';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import styles from './EntrancePage.module.css';

/** A login by a key of the device: without a password, or, with a ticket, behind it. */
export function PasskeyButton({ ticket, wish, onEnter }: { ticket?: string; wish?: SecondStepWish; onEnter: () => void }) {
  const { t } = useTranslation('app');
  const errorText = useErrorText();
  const logIn = usePasskeyLogin(ticket, wish);
  if (!hasPasskeys()) return null;
  return (
    <div className={styles.other}>
      {logIn.isError && <Banner tone="error">{logIn.error instanceof PasskeyRefused ? t('login.passkey_refused') : errorText(logIn.error)}</Banner>}
      <Button icon={<IconFingerprint size={16} />} isBusy={logIn.isPending} onClick={() => logIn.mutate(undefined, { onSuccess: onEnter })}>
        {t('login.passkey')}
      </Button>
    </div>
  );
}
