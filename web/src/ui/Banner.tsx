import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Banner.module.css';

export interface BannerProps {
  tone: 'error' | 'warning' | 'success' | 'info';
  children: ReactNode;
  actions?: ReactNode;
}

/** A message that belongs to the content below it. */
export function Banner({ tone, children, actions }: BannerProps) {
  const Icon = tone === 'success' ? IconCircleCheck : tone === 'info' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={classNames(styles.banner, styles[tone])} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden="true" />
      <div className={styles.text}>{children}</div>
      {actions}
    </div>
  );
}
