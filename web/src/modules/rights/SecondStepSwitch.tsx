import { useTranslation } from 'react-i18next';
import type { Rights } from '@/api/access';
import { useSession } from '@/api/session';
import { Checkbox } from '@/ui/Checkbox';
import styles from './Role.module.css';

export interface SecondStepSwitchProps {
  rights: Rights;
  /** What is stored asks for one. */
  isStored: boolean;
  onChange: (rights: Rights) => void;
}

/** Whether the program asks people with the role for a second step of login. */
export function SecondStepSwitch({ rights, isStored, onChange }: SecondStepSwitchProps) {
  const { t } = useTranslation('rights');
  const { installation, permissions } = useSession();
  const isOfAll = installation.needs_second_step;
  // Whoever keeps roles asks for more; for less only an administrator does.
  const isFixed = isStored && !permissions.administer;
  const hint = isOfAll ? 'of_all' : isFixed ? 'fixed' : 'hint';
  return (
    <section aria-labelledby="role-sign-in">
      <h2 id="role-sign-in" className={styles.heading}>
        {t('second_step.title')}
      </h2>
      <ul className={styles.features}>
        <li className={styles.feature} data-own={rights.needs_second_step === true || undefined}>
          <div>
            <Checkbox
              isChecked={rights.needs_second_step === true}
              label={t('second_step.needs')}
              disabled={isFixed}
              aria-describedby="role-second-step"
              onChange={(needs) => onChange({ ...rights, needs_second_step: needs })}
            />
            <p id="role-second-step" className={styles.hint}>
              {t(`second_step.${hint}`)}
            </p>
          </div>
        </li>
      </ul>
    </section>
  );
}
