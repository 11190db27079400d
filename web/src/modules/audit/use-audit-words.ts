import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '@/api/audit';
import { recordName, sentence, type Translate } from './sentence';

/** Events in the language of the page. */
export function useAuditWords() {
  const { t, i18n } = useTranslation('audit');
  const translate: Translate = (key, params) => String(t(key as never, params as never));
  return {
    who: (event: AuditEvent): string =>
      event.user?.title ?? (event.user !== null ? translate('record_number', { id: event.user.id }) : translate(event.address === null ? 'program' : 'nobody')),
    what: (event: AuditEvent): string => sentence(event, translate, (key) => i18n.exists(`audit:${key}`)),
    detail: (name: string): string => (i18n.exists(`audit:detail.${name}`) ? translate(`detail.${name}`) : name),
    record: (event: AuditEvent): string | null => recordName(event, translate),
  };
}
