import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeProfile, useSession, type ProfileChange } from '@/api/session';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { showToast } from '@/ui/toast';
import styles from './ProfileScreen.module.css';

const THEMES = ['system', 'light', 'dark'] as const;
const DENSITIES = ['comfortable', 'dense'] as const;

/** How the pages look; the page itself shows the answer. */
export function Appearance() {
  const { t } = useTranslation('settings');
  const errorText = useErrorText();
  const { user } = useSession();
  const change = useChangeProfile();
  const save = (input: ProfileChange): void =>
    change.mutate(input, { onError: (error) => showToast(errorText(error), { tone: 'error' }) });
  return (
    <section className={styles.section} aria-labelledby="profile-appearance">
      <h2 id="profile-appearance" className={styles.heading}>
        {t('appearance.title')}
      </h2>
      <div className={styles.row}>
        <span className={styles.rowLabel}>{t('appearance.theme')}</span>
        <SegmentedChoice
          label={t('appearance.theme')}
          value={user.theme ?? 'system'}
          options={THEMES.map((theme) => ({ value: theme, label: t(`appearance.themes.${theme}`) }))}
          onChange={(theme) => save({ theme })}
        />
      </div>
      <div className={styles.row}>
        <span className={styles.rowLabel}>{t('appearance.density')}</span>
        <SegmentedChoice
          label={t('appearance.density')}
          value={user.density ?? 'comfortable'}
          options={DENSITIES.map((density) => ({ value: density, label: t(`appearance.densities.${density}`) }))}
          onChange={(density) => save({ density })}
        />
      </div>
    </section>
  );
}
