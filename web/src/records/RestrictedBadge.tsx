import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { Badge } from '@/ui/Badge';

/** The mark of a record that is only kept: others do not see it, and nobody works with it. */
export function RestrictedBadge({ record }: { record: RecordItem }) {
  const { t } = useTranslation('records');
  if (record.is_restricted !== true) return null;
  return (
    <span title={t('card.restricted_hint')}>
      <Badge color="amber">{t('card.restricted')}</Badge>
    </span>
  );
}
