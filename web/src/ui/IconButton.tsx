import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from '@/util/class-names';
import styles from './IconButton.module.css';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'aria-label'> {
  ref?: Ref<HTMLButtonElement>;
  /** What it does; spoken by screen readers and shown as the tooltip. */
  label: string;
  icon: ReactNode;
  isFramed?: boolean;
  isPressed?: boolean;
  size?: 'normal' | 'small';
  disabledReason?: string | false | null;
}

/** A button that is only an icon; its label is the tooltip. */
export function IconButton({
  label,
  icon,
  isFramed = false,
  isPressed,
  size = 'normal',
  disabledReason,
  className,
  onClick,
  type = 'button',
  title,
  ...rest
}: IconButtonProps) {
  const reason = disabledReason === false || disabledReason === null ? undefined : disabledReason;
  return (
    <button
      {...rest}
      type={type}
      className={classNames(styles.button, isFramed && styles.framed, size === 'small' && styles.small, className)}
      aria-label={label}
      aria-pressed={isPressed}
      aria-disabled={reason !== undefined || undefined}
      title={reason ?? title ?? label}
      onClick={(event) => {
        if (reason === undefined) onClick?.(event);
      }}
    >
      {icon}
    </button>
  );
}
