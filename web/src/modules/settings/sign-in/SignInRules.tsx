import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import { Checkbox } from '@/ui/Checkbox';
import { showToast } from '@/ui/toast';
import styles from '../ProfileScreen.module.css';
import { PublicAddress } from './PublicAddress';

const HINT_ID = 'needs-second-step-hint';

/** What the sign-in asks of everybody. */
export function SignInRules() {
  const { t } = useTranslation('sign-in');
  const errorText = useErrorText();
  const { installation, user } = useSession();
  const change = useChangeInstallation();

  function set(needs: boolean): void {
    change.mutate(
      { needs_second_step: needs },
      {
        onSuccess: () => showToast(t(needs ? 'now_required' : 'now_free')),
        onError: (error) => showToast(errorText(error), { tone: 'error' }),
      },
    );
  }

  return (
    <section className={styles.section} aria-labelledby="sign-in-rules">
      <h2 id="sign-in-rules" className={styles.heading}>
        {t('rules')}
      </h2>
      <div>
        <Checkbox
          isChecked={change.isPending ? change.variables.needs_second_step === true : installation.needs_second_step}
          label={t('needs_second_step')}
          aria-describedby={HINT_ID}
          disabled={change.isPending}
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
