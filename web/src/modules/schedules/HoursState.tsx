import { useTranslation } from 'react-i18next';
import type { WorkingHours } from '@/api/working-hours';
import { Badge } from '@/ui/Badge';
import { useFormat } from '@/ui/use-format';

/** Whether somebody may work now, and until when or from when on. */
export function HoursState({ hours }: { hours: WorkingHours }) {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  if (hours.is_exempt) return <Badge>{t('exempt')}</Badge>;
  if (hours.schedule === null) return <Badge>{t('always')}</Badge>;
  if (hours.is_open) {
    return <Badge color="green">{hours.open_until === null ? t('open') : t('open_until', { when: format.instant(hours.open_until) })}</Badge>;
  }
  return <Badge color="amber">{hours.opens_at === null ? t('closed_now') : t('opens_at', { when: format.instant(hours.opens_at) })}</Badge>;
}
