import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Button.module.css';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  ref?: Ref<HTMLButtonElement>;
  /** `primary` once a screen; `danger` names what it destroys; `plain` is text only; `dashed` adds something. */
  look?: 'primary' | 'normal' | 'plain' | 'danger' | 'dashed' | 'link';
  size?: 'normal' | 'small';
  icon?: ReactNode;
  isBusy?: boolean;
  /** Why it cannot be pressed now; the button stays reachable and says it. */
  disabledReason?: string | false | null;
}

/** A button; its text is a verb. */
export function Button({
  look = 'normal',
  size = 'normal',
  icon,
  isBusy = false,
  disabledReason,
  className,
  children,
  onClick,
  title,
  type = 'button',
  ...rest
}: ButtonProps) {
  const reason = disabledReason === false || disabledReason === null ? undefined : disabledReason;
  const isDisabled = reason !== undefined || isBusy;
  return (
    <button
      {...rest}
      type={type}
      className={classNames(styles.button, styles[look], size === 'small' && styles.small, isBusy && styles.busy, className)}
      aria-disabled={isDisabled || undefined}
      aria-busy={isBusy || undefined}
      title={reason ?? title}
      onClick={(event) => {
        if (isDisabled) {
          event.preventDefault();
          return;
        }
        onClick?.(event);
      }}
    >
      {icon}
      {children}
    </button>
  );
}
