import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import { showToast } from '@/ui/toast';
import { FormatChoices } from './FormatChoices';
import styles from './ProfileScreen.module.css';

/** How dates and numbers are written for everybody who has chosen nothing else; each choice is saved by itself. */
export function CompanyFormats() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  return (
    <section className={styles.section} aria-labelledby="company-formats">
      <h2 id="company-formats" className={styles.heading}>
        {t('formats.title')}
      </h2>
      <p className={styles.hint}>{t('formats.company_hint')}</p>
      <FormatChoices
        prefix="company-format"
        value={installation.formats}
        onChange={(formats) =>
          change.mutate({ formats }, { onSuccess: () => showToast(t('company.saved')), onError: (error) => showToast(errorText(error), { tone: 'error' }) })
        }
      />
    </section>
  );
}
