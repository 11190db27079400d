import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import styles from './EmptyState.module.css';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What this place is for, or what happened and what to do. */
  children?: ReactNode;
  actions?: ReactNode;
  role?: 'alert';
}

/** What stands where there is nothing: what the place is for, and the first action. */
export function EmptyState({ icon, title, children, actions, role }: EmptyStateProps) {
  return (
    <div className={styles.state} role={role}>
      {icon !== undefined && <span className={styles.icon}>{icon}</span>}
      <h2 className={styles.title}>{title}</h2>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** The translated error. */
  message: string;
  onRetry?: () => void;
  actions?: ReactNode;
}

/** An error in the place of content, with another try. */
export function ErrorState({ message, onRetry, actions }: ErrorStateProps) {
  const { t } = useTranslation('ui');
  return (
    <EmptyState
      role="alert"
      icon={<IconAlertTriangle size={20} />}
      title={t('could_not_load')}
      actions={
        <>
          {onRetry !== undefined && <Button onClick={onRetry}>{t('try_again')}</Button>}
          {actions}
        </>
      }
    >
      {message}
    </EmptyState>
  );
}
