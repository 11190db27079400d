import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import type { WebhookDelivery } from '@/api/webhooks';
import { useFormat } from '@/ui/use-format';

/** Codes that have a text of their own; others are shown as they are. */
const KNOWN = [
  'receiver_refused',
  'receiver_unreachable',
  'receiver_is_local',
  'receiver_strange',
  'secret_key_changed',
  'user_inactive',
  'feature_closed',
  'not_visible',
  'not_matching',
  'nothing_visible_changed',
  'filter_invalid',
  'too_slow',
] as const;

/** A delivery in words: what it told, and why it did not arrive. */
export function useDeliveryWords() {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const types = useCatalog().object_types;

  function what({ type, record_id: id, action }: WebhookDelivery): string {
    if (type === null || action === 'trial') return t('trial');
    const label = format.label(types.find((known) => known.name === type)?.labels) || type;
    return `${label} ${id ?? ''}: ${t(`actions.${action}`)}`;
  }

  function reason({ error, status }: { error: string | null; status: number | null }): string {
    if (error === null) return status === null ? '' : String(status);
    const known = KNOWN.find((code) => code === error);
    return known === undefined ? error : t(`reasons.${known}`, { status });
  }

  return { what, reason };
}
