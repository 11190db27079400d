import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FrameSession, sessionQuery, useLogOut } from '@/api/session';
import { forgetSecondStep } from '@/api/sign-in';
import { CODE_FORM_ID, CodeSetup } from '@/modules/settings/sign-in/CodeSetup';
import { RecoveryCodeList } from '@/modules/settings/sign-in/RecoveryCodeList';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { isLanguage } from '@/util/languages';
import { switchLanguage } from '../i18n';
import { EntrancePage } from './EntrancePage';
import styles from './EntrancePage.module.css';

/** Where a second step is required: setting it up, before anything else opens. */
export function SecondStepScreen() {
  const { t } = useTranslation('sign-in');
  const client = useQueryClient();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const { data: session } = useQuery(sessionQuery);
  const [isBusy, setIsBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [codes, setCodes] = useState<string[] | null>(null);
  const language = session?.user.language;

  useEffect(() => {
    if (isLanguage(language)) void switchLanguage(language);
  }, [language]);

  if (session === null) return <Navigate to="/login" search={{}} />;
  if (session === undefined) return null;

  async function enter(): Promise<void> {
    await forgetSecondStep(client);
    await navigate({ to: '/' });
  }

  return (
    <FrameSession value={session}>
      {codes !== null ? (
        <EntrancePage title={t('recovery_title')}>
          <div className={styles.form}>
            <Banner tone="warning">{t('recovery_once')}</Banner>
            <RecoveryCodeList codes={codes} />
            <Button look="primary" onClick={() => void enter()}>
              {t('saved_them')}
            </Button>
          </div>
        </EntrancePage>
      ) : (
        <EntrancePage title={t('entrance.required_title')}>
          <p className={styles.intro}>{t('entrance.required_text')}</p>
          <CodeSetup key={attempt} onDone={setCodes} onBusy={setIsBusy} onCancel={() => setAttempt(attempt + 1)} />
          <p className={styles.ways}>
            <Button look="primary" type="submit" form={CODE_FORM_ID} isBusy={isBusy}>
              {t('switch_on')}
            </Button>
            <Button look="link" onClick={() => logOut.mutate()}>
              {t('entrance.log_out')}
            </Button>
          </p>
        </EntrancePage>
      )}
    </FrameSession>
  );
}
