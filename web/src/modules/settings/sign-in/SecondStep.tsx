import { IconDeviceMobileCheck, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { usePasskeys } from '@/api/passkeys';
import { useSession } from '@/api/session';
import { useRenewRecoveryCodes, useSecondStep, type SecondStep as SecondStepState } from '@/api/sign-in';
import { Badge } from '@/ui/Badge';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { ConfirmDialog, Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from '../ProfileScreen.module.css';
import { CodeSetupDialog } from './CodeSetupDialog';
import { Passkeys } from './Passkeys';
import { RecoveryCodeList } from './RecoveryCodeList';
import { RemoveCodesDialog } from './RemoveCodesDialog';
import { usePasswordAgain } from './use-password-again';

/** Fewer are a reason to make new ones. */
const FEW_CODES = 3;

/** What is asked for after the password: set up, made anew, switched off. */
export function SecondStep() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const step = useSecondStep();
  const { user } = useSession();
  return (
    <section className={styles.section} aria-labelledby="profile-second-step">
      <div>
        <h2 id="profile-second-step" className={styles.heading}>
          {t('title')}
        </h2>
        <p className={styles.hint}>{t('intro')}</p>
      </div>
      {step.isPending && <Skeleton lines={2} label={t('loading')} />}
      {step.isError && step.data === undefined && <ErrorState message={errorText(step.error)} onRetry={() => void step.refetch()} />}
      {step.data !== undefined && (
        <ul className={styles.sessions}>
          <Codes step={step.data} />
          <Passkeys step={step.data} />
          {user.has_second_step && <RecoveryCodes left={step.data.recovery_codes_left} />}
        </ul>
      )}
    </section>
  );
}

function Codes({ step }: { step: SecondStepState }) {
  const since = step.codes_since;
  const { t } = useTranslation('sign-in');
  const format = useFormat();
  const passkeys = usePasskeys();
  const [dialog, setDialog] = useState<'set_up' | 'remove' | null>(null);
  const close = (): void => setDialog(null);
  return (
    <li className={styles.session}>
      <IconDeviceMobileCheck size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{t('codes')}</p>
        <p className={styles.hint}>{since === null ? t('codes_off') : t('codes_since', { when: format.recent(since) })}</p>
      </div>
      {since === null ? (
        <Button size="small" onClick={() => setDialog('set_up')}>
          {t('set_up')}
        </Button>
      ) : (
        <>
          <Badge color="green">{t('on')}</Badge>
          <Button size="small" disabledReason={step.is_required && (passkeys.data?.items.length ?? 0) === 0 ? t('is_required') : null} onClick={() => setDialog('remove')}>
            {t('remove')}
          </Button>
        </>
      )}
      {dialog === 'set_up' && <CodeSetupDialog onClose={close} />}
      {dialog === 'remove' && <RemoveCodesDialog onClose={close} />}
    </li>
  );
}

function RecoveryCodes({ left }: { left: number }) {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const renew = useRenewRecoveryCodes();
  const [asks, setAsks] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const { run, question } = usePasswordAgain();

  function make(): void {
    setAsks(false);
    run(() => renew.mutateAsync(), {
      onSuccess: (answer) => setCodes(answer.recovery_codes),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <li className={styles.session}>
      <IconKey size={20} stroke={1.5} aria-hidden="true" />
      <div className={styles.device}>
        <p className={styles.deviceName}>{t('recovery')}</p>
        <p className={left < FEW_CODES ? styles.lost : styles.hint}>{t('recovery_left', { count: left })}</p>
      </div>
      <Button size="small" isBusy={renew.isPending} onClick={() => setAsks(true)}>
        {t('renew')}
      </Button>
      {asks && (
        <ConfirmDialog title={t('renew_title')} confirmLabel={t('renew_confirm')} onConfirm={make} onClose={() => setAsks(false)}>
          {t('renew_text')}
        </ConfirmDialog>
      )}
      {question}
      {codes !== null && (
        <Dialog
          title={t('recovery_title')}
          size="small"
          closesOnBackdrop={false}
          onClose={() => setCodes(null)}
          footer={
            <Button look="primary" onClick={() => setCodes(null)} data-autofocus="">
              {t('saved_them')}
            </Button>
          }
        >
          <Banner tone="warning">{t('recovery_once')}</Banner>
          <RecoveryCodeList codes={codes} />
        </Dialog>
      )}
    </li>
  );
}
