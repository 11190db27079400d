import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { deliveryQuery, useReplayDelivery, type WebhookAttempt, type WebhookDelivery } from '@/api/webhooks';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useDeliveryWords } from './delivery-words';
import styles from './Webhooks.module.css';

/** One delivery: each attempt with what was sent and what came back. */
export function DeliveryDialog({ webhookId, delivery, onClose }: { webhookId: number; delivery: WebhookDelivery; onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const { what, reason } = useDeliveryWords();
  const found = useQuery(deliveryQuery(webhookId, delivery.id));
  const replay = useReplayDelivery(webhookId);
  const shown = found.data ?? delivery;
  const cannot = shown.type === null ? t('trial_is_over') : shown.state === 'waiting' ? t('waits') : null;
  return (
    <Dialog
      title={what(shown)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button
            look="primary"
            isBusy={replay.isPending}
            disabledReason={cannot}
            onClick={() =>
              replay.mutate(delivery.id, {
                onSuccess: () => {
                  showToast(t('replayed', { count: 1 }));
                  onClose();
                },
                onError: (error) => showToast(errorText(error), { tone: 'error' }),
              })
            }
          >
            {t('replay')}
          </Button>
        </>
      }
    >
      <div className={styles.attempts}>
        <p className={styles.hint}>
          {shown.message_id} · {t(`state_words.${shown.state}`)}
          {shown.state === 'skipped' && ` · ${reason(shown)}`}
        </p>
        {found.isPending && <Skeleton lines={3} label={t('loading')} />}
        {found.isError && <ErrorState message={errorText(found.error)} onRetry={() => void found.refetch()} />}
        {found.data?.log.map((attempt, at) => <Attempt key={at} attempt={attempt} />)}
        {found.data?.log.length === 0 && <p>{t('no_attempts')}</p>}
      </div>
    </Dialog>
  );
}

function Attempt({ attempt }: { attempt: WebhookAttempt }) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const { reason } = useDeliveryWords();
  const parts = (['request', 'answer'] as const).filter((part) => (attempt[part] ?? '') !== '');
  return (
    <div className={styles.attempt}>
      <p>{t('attempt', { when: format.instant(attempt.at), result: reason(attempt), duration: attempt.duration_ms })}</p>
      {parts.map((part) => (
        <div key={part}>
          <p className={styles.hint}>{t(part)}</p>
          {/* It scrolls, so it must be reached by keyboard. */}
          <pre className={styles.text} tabIndex={0} aria-label={t(part)}>
            {part === 'request' ? pretty(attempt.request ?? '') : attempt.answer}
          </pre>
        </div>
      ))}
    </div>
  );
}

/** JSON with line breaks; what was cut is shown as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
