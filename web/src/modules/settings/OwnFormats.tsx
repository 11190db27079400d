import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeProfile, useSession } from '@/api/session';
import { showToast } from '@/ui/toast';
import { FormatChoices } from './FormatChoices';
import styles from './ProfileScreen.module.css';

/** How dates and numbers are written for oneself; the page itself shows the answer. */
export function OwnFormats() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { user, installation } = useSession();
  const change = useChangeProfile();
  return (
    <section className={styles.section} aria-labelledby="profile-formats">
      <h2 id="profile-formats" className={styles.heading}>
        {t('formats.title')}
      </h2>
      <FormatChoices
        prefix="own"
        value={user.formats}
        inherited={installation.formats}
        onChange={(formats) =>
          change.mutate({ formats }, { onSuccess: () => showToast(t('saved')), onError: (error) => showToast(errorText(error), { tone: 'error' }) })
        }
      />
    </section>
  );
}
