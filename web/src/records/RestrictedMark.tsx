import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { Badge } from '@/ui/Badge';
import styles from './RestrictedMark.module.css';

/** The mark of a record that is only kept: others do not see it, and nobody works with it. In lists it is a small sign before the name. */
export function RestrictedMark({ record, isSmall = false }: { record: RecordItem; isSmall?: boolean }) {
  const { t } = useTranslation('records');
  if (record.is_restricted !== true) return null;
  const hint = t('card.restricted_hint');
  if (isSmall) {
    return (
      <span className={styles.sign} role="img" aria-label={t('card.restricted')} title={hint}>
        <IconEyeOff size={14} aria-hidden="true" />
      </span>
    );
  }
  return (
    <span title={hint}>
      <Badge color="amber">{t('card.restricted')}</Badge>
    </span>
  );
}
