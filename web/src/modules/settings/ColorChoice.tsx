import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { OptionColor } from '@/api/types';
import { Popover } from '@/ui/Popover';
import styles from './ColorChoice.module.css';

const COLORS = ['grey', 'red', 'amber', 'green', 'blue', 'purple'] as const satisfies readonly OptionColor[];

export interface ColorChoiceProps {
  label: string;
  color: OptionColor | null;
  onChange: (color: OptionColor | null) => void;
}

/** The colour of an option; without one it is shown as a plain word. */
export function ColorChoice({ label, color, onChange }: ColorChoiceProps) {
  const { t } = useTranslation('settings');
  const name = (key: OptionColor | null): string => t(`fields.colors.${key ?? 'none'}`);
  return (
    <Popover
      label={label}
      trigger={
        <button type="button" className={styles.trigger} aria-label={`${label}: ${name(color)}`} title={name(color)}>
          <span className={styles.swatch} data-color={color ?? 'none'} />
        </button>
      }
    >
      {(close) => (
        <div className={styles.colors} role="group" aria-label={label}>
          {[null, ...COLORS].map((key) => (
            <button
              key={key ?? 'none'}
              type="button"
              className={styles.color}
              aria-pressed={key === color}
              onClick={() => {
                onChange(key);
                close();
              }}
            >
              <span className={styles.swatch} data-color={key ?? 'none'} />
              {name(key)}
              {key === color && <IconCheck size={16} className={styles.check} aria-hidden="true" />}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}
