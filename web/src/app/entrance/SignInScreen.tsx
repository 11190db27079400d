import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { takeNext, useFinishProvider, type FinishedSignIn } from '@/api/providers';
import type { OpenSecondStep, SecondStepWish } from '@/api/sign-in';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { safePath } from '@/util/safe-path';
import { arrivedWith } from '../arrived-with';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';
import { SecondStepForm } from './SecondStepForm';

/** Where an identity provider sends the browser back to: hands over what it was given, and goes on. */
export function SignInScreen() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const finish = useFinishProvider();
  const [step, setStep] = useState<{ open: OpenSecondStep; wish: SecondStepWish } | null>(null);
  const [next] = useState(takeNext);
  const isAsked = useRef(false);

  function goOn(): void {
    void navigate({ href: safePath(next, window.location.origin), replace: true });
  }

  function come({ result, step: open }: FinishedSignIn): void {
    if (result === 'second_step') setStep({ open, wish: 'log_in' });
    else if (result === 'confirm_second_step') setStep({ open, wish: 'confirm' });
    else goOn();
    if (result === 'linked' || result === 'confirmed') showToast(t(`providers.${result}`));
  }

  function enter(): void {
    goOn();
    if (step?.wish === 'confirm') showToast(t('providers.confirmed'));
  }

  useEffect(() => {
    // It works once, however often the screen is drawn.
    if (isAsked.current) return;
    isAsked.current = true;
    const of = (name: string): string | undefined => arrivedWith.get(name) ?? undefined;
    finish.mutateAsync({ state: of('state') ?? '', code: of('code'), error: of('error'), iss: of('iss') }).then(come, () => undefined);
    // Neither the history of the browser nor a copied address keeps the code.
    window.history.replaceState(window.history.state, '', window.location.pathname);
  });

  if (step !== null) {
    // Whoever only shows who he is has a session, and goes back to where he was.
    const again = step.wish === 'confirm' ? goOn : () => void navigate({ ...paths.login(), replace: true });
    return <SecondStepForm step={step.open} wish={step.wish} onEnter={enter} onStartAgain={again} />;
  }
  // What an account at the provider lacks is said by its reason; of the rest the code of the answer says enough.
  const reason = isApiError(finish.error) && finish.error.code === 'provider_failed' ? finish.error.problem.params?.reason : undefined;
  return (
    <EntrancePage title={t(finish.isError ? 'providers.failed' : 'providers.coming')}>
      {finish.isError ? (
        <div className={styles.form}>
          <Banner tone="error">{errorText(finish.error)}</Banner>
          {typeof reason === 'string' && <p className={styles.intro}>{t('providers.reason', { reason })}</p>}
          <Button look="primary" onClick={() => void navigate({ href: next === undefined ? '/login' : safePath(next, window.location.origin), replace: true })}>
            {t('entrance.start_again')}
          </Button>
        </div>
      ) : (
        <Skeleton lines={2} label={t('loading')} />
      )}
    </EntrancePage>
  );
}
