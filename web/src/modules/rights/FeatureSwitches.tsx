import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { Checkbox } from '@/ui/Checkbox';
import { Origin } from './Origin';
import { opensFeature, withFeature } from './rights';
import styles from './Role.module.css';
import type { RightsPartProps } from './TypeRightsEditor';

/** Parts of the program that a role opens: those one works with, and those that shape the installation. */
export function FeatureSwitches({ options, rights, onChange }: RightsPartProps) {
  const { t } = useTranslation('rights');
  const { permissions, installation } = useSession();
  return (['work', 'settings'] as const).map((part) => (
    <section key={part} aria-labelledby={`features-${part}`}>
      <h2 id={`features-${part}`} className={styles.heading}>
        {t(`features.${part}`)}
      </h2>
      <ul className={styles.features}>
        {options.features
          .filter((feature) => feature.is_setting === (part === 'settings'))
          .map(({ key }) => {
            const { isOpen, isOwn } = opensFeature(rights, options, key);
            const name = t(`features.names.${key}`);
            // Nobody opens for others what is closed to himself.
            const isClosed = installation.closed_features.includes(key);
            const isBeyond = !isClosed && !permissions.administer && !permissions.features.includes(key);
            const hint = isClosed ? t('features.closed') : isBeyond ? t('features.beyond') : t(`features.hints.${key}`);
            return (
              <li key={key} className={styles.feature} data-own={isOwn || undefined}>
                <div>
                  <Checkbox
                    isChecked={isOpen}
                    label={name}
                    disabled={isBeyond}
                    title={isBeyond ? t('features.beyond') : undefined}
                    aria-describedby={`feature-${key}`}
                    onChange={(opens) => onChange(withFeature(rights, key, opens))}
                  />
                  <p id={`feature-${key}`} className={styles.hint}>
                    {hint}
                  </p>
                </div>
                <Origin name={name} isOwn={isOwn} base={rights.base ?? null} onReset={() => onChange(withFeature(rights, key, null))} />
              </li>
            );
          })}
      </ul>
    </section>
  ));
}
