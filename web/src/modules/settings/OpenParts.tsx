import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import type { Feature } from '@/api/types';
import { Checkbox } from '@/ui/Checkbox';
import { showToast } from '@/ui/toast';
import styles from './ProfileScreen.module.css';

/** What may be closed to everybody at once; the rest shapes the installation and stays. */
const PARTS: readonly Feature[] = ['import', 'duplicates', 'address_book', 'api_keys'];

/** Which parts of the program there are for everybody; roles close them for some. */
export function OpenParts() {
  const { t } = useTranslation(['settings', 'rights']);
  const errorText = useErrorText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  // While it is saved, what was chosen is shown.
  const closed = (change.isPending ? change.variables.closed_features : undefined) ?? installation.closed_features;

  function set(part: Feature, name: string, isOpen: boolean): void {
    const others = closed.filter((one) => one !== part);
    change.mutate(
      { closed_features: isOpen ? others : [...others, part] },
      {
        onSuccess: () => showToast(t(isOpen ? 'parts.opened' : 'parts.closed', { part: name })),
        onError: (error) => showToast(errorText(error), { tone: 'error' }),
      },
    );
  }

  return (
    <section className={styles.section} aria-labelledby="open-parts">
      <div>
        <h2 id="open-parts" className={styles.heading}>
          {t('parts.title')}
        </h2>
        <p className={styles.hint}>{t('parts.hint')}</p>
      </div>
      {PARTS.map((part) => {
        const name = t(`rights:features.names.${part}`);
        return (
          <div key={part}>
            <Checkbox
              isChecked={!closed.includes(part)}
              label={name}
              disabled={change.isPending}
              aria-describedby={`part-${part}`}
              onChange={(isOpen) => set(part, name, isOpen)}
            />
            <p id={`part-${part}`} className={styles.hint}>
              {t(`rights:features.hints.${part}`)}
            </p>
          </div>
        );
      })}
    </section>
  );
}
