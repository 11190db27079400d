import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BuiltInRole } from '@/api/roles';
import { IconButton } from '@/ui/IconButton';
import styles from './Role.module.css';

export interface OriginProps {
  /** What it is about. */
  name: string;
  isOwn: boolean;
  base: BuiltInRole | null;
  onReset: () => void;
}

/** Where a right comes from: the base, in grey, or the role itself, with the way back. */
export function Origin({ name, isOwn, base, onReset }: OriginProps) {
  const { t } = useTranslation('rights');
  const inherited = base === null ? t('origin.nothing') : t(`as.${base}`);
  if (!isOwn) return <span className={styles.inherited}>{inherited}</span>;
  return (
    <span className={styles.origin}>
      <span className={styles.own}>{t('origin.own')}</span>
      <IconButton
        size="small"
        label={t('origin.reset', { name })}
        title={base === null ? t('origin.reset_nothing') : t('origin.reset_to', { base: inherited })}
        icon={<IconArrowBackUp size={16} />}
        onClick={onReset}
      />
    </span>
  );
}
