import { useTranslation } from 'react-i18next';
import type { Webhook } from '@/api/webhooks';
import { Badge } from '@/ui/Badge';

/** How a webhook stands, in a word. */
export function StateBadge({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  if (webhook.is_active) {
    return webhook.failing_since === null ? <Badge color="green">{t('states.on')}</Badge> : <Badge color="amber">{t('states.failing')}</Badge>;
  }
  return webhook.off_reason === null ? <Badge>{t('states.off')}</Badge> : <Badge color="red">{t('states.switched_off')}</Badge>;
}
