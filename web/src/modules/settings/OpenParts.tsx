import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeInstallation, useSession } from '@/api/session';
import type { Feature } from '@/api/types';
import { Checkbox } from '@/ui/Checkbox';
import { showToast } from '@/ui/toast';
import { useWanted } from '@/ui/use-wanted';
import styles from './ProfileScreen.module.css';

/** What may be closed to everybody at once; the rest shapes the installation and stays. */
const PARTS: readonly Feature[] = ['import', 'duplicates', 'address_book', 'api_keys'];

/** Which parts of the program there are for everybody; roles close them for some. */
export function OpenParts() {
  const { t } = useTranslation(['settings', 'rights']);
  const errorText = useErrorText();
  const { installation } = useSession();
  const change = useChangeInstallation();
  const { shown: closed, want } = useWanted(installation.closed_features);

  function set(part: Feature, name: string, isOpen: boolean): void {
    const others = closed.filter((one) => one !== part);
    const wanted = isOpen ? others : [...others, part];
    const saving = change.mutateAsync({ closed_features: wanted });
    want(wanted, saving);
    saving.then(
      () => showToast(t(isOpen ? 'parts.opened' : 'parts.closed', { part: name })),
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
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
