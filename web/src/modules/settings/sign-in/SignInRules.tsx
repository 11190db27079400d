import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import { Checkbox } from '@/ui/Checkbox';
import { showToast } from '@/ui/toast';
import { useWanted } from '@/ui/use-wanted';
import styles from '../ProfileScreen.module.css';
import { PublicAddress } from './PublicAddress';

const HINT_ID = 'needs-second-step-hint';

/** What the sign-in asks of everybody. */
export function SignInRules() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const { installation, user } = useSession();
  const change = useChangeInstallation();
  const { shown, want } = useWanted(installation.needs_second_step);

  function set(needs: boolean): void {
    const saving = change.mutateAsync({ needs_second_step: needs });
    want(needs, saving);
    saving.then(
      () => showToast(t(needs ? 'now_required' : 'now_free')),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  return (
    <section className={styles.section} aria-labelledby="sign-in-rules">
      <h2 id="sign-in-rules" className={styles.heading}>
        {t('rules')}
      </h2>
      <div>
        <Checkbox
          isChecked={shown}
          label={t('needs_second_step')}
          aria-describedby={HINT_ID}
          onChange={set}
        />
        <p id={HINT_ID} className={styles.hint}>
          {t('needs_second_step_hint')}
          {!user.has_second_step && ` ${t('you_have_none')}`}
        </p>
      </div>
      <PublicAddress />
    </section>
  );
}
