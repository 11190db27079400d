import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '@/api/audit';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useFormat } from '@/ui/use-format';
import styles from './AuditDetails.module.css';
import { detailLines } from './sentence';
import { useAuditWords } from './use-audit-words';

/** All that is known of an event. */
export function AuditDetails({ event, onClose }: { event: AuditEvent; onClose: () => void }) {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const words = useAuditWords();
  const { record, proof } = event;
  return (
    <Dialog title={words.what(event)} onClose={onClose} footer={<Button onClick={onClose}>{t('close')}</Button>}>
      <dl className={styles.list}>
        <dt>{t('when')}</dt>
        <dd>{format.instant(event.at)}</dd>
        <dt>{t('who')}</dt>
        <dd>{words.who(event)}</dd>
        <dt>{t('outcome')}</dt>
        <dd>{t(`outcomes.${event.outcome}`)}</dd>
        {event.address !== null && (
          <>
            <dt>{t('address')}</dt>
            <dd>{event.address}</dd>
          </>
        )}
        {proof !== null && (
          <>
            <dt>{t('proof')}</dt>
            <dd>{t(`proofs.${proof.kind}`, { id: proof.id ?? '' })}</dd>
          </>
        )}
        {record !== null && record.id !== null && (
          <>
            <dt>{t('record')}</dt>
            <dd>
              {record.type === 'contact' && record.title !== null ? (
                <Link className={styles.link} {...paths.card(record.type, record.id)}>
                  {words.record(event)}
                </Link>
              ) : (
                words.record(event)
              )}
            </dd>
          </>
        )}
        {detailLines(event.details).map(([name, value]) => (
          <div key={name} className={styles.detail}>
            <dt>{words.detail(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <dt>{t('number')}</dt>
        <dd>{event.id}</dd>
        <dt>{t('hash')}</dt>
        <dd className={styles.hash}>{event.hash}</dd>
      </dl>
    </Dialog>
  );
}
