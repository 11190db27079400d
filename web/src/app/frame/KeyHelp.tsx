import { useTranslation } from 'react-i18next';
import { Dialog } from '@/ui/Dialog';
import { modKey } from '@/ui/use-shortcuts';
import { keyGroups } from './key-groups';
import styles from './KeyHelp.module.css';

/** The list of keys behind `?`. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  // What is no key has a name in the language of the page.
  const shown = (key: string): string => key.replace('click', t('keys.click')).replace('A…Z', t('keys.letter')).replace('Space', t('keys.space'));
  return (
    <Dialog title={t('keys.title')} onClose={onClose} size="large" isText>
      <div className={styles.groups}>
        {keyGroups(modKey).map((group) => (
          <section key={group.title} className={styles.group}>
            <h3 className={styles.title}>{t(`keys.${group.title}`)}</h3>
            <dl>
              {group.entries.map((entry) => (
                <div key={entry.text} className={styles.row}>
                  <dt className={styles.text}>{t(`keys.${entry.text}`)}</dt>
                  <dd className={styles.keys}>
                    {entry.keys.map((key) => (
                      <kbd key={key}>{shown(key)}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
