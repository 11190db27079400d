import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { DELIVERY_STATES, deliveriesQuery, useReplayFailed, type DeliveryState, type Webhook, type WebhookDelivery } from '@/api/webhooks';
import { Badge, type BadgeColor } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { Menu } from '@/ui/Menu';
import { Skeleton } from '@/ui/Skeleton';
import { Cell, HeadCell, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useDeliveryWords } from './delivery-words';
import { DeliveryDialog } from './DeliveryDialog';
import styles from './Webhooks.module.css';

const COLORS: Record<DeliveryState, BadgeColor> = { waiting: 'amber', done: 'green', failed: 'red', skipped: 'grey' };
const HOUR_MS = 3_600_000;
/** How far back dead letters are sent again. */
const SINCE = [
  { key: 'hour', ms: HOUR_MS },
  { key: 'day', ms: 24 * HOUR_MS },
  { key: 'month', ms: 30 * 24 * HOUR_MS },
] as const;

/** What a webhook sent, sends and could not send; dead letters can be sent again. */
export function DeliveryLog({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const [state, setState] = useState<DeliveryState | 'all'>('all');
  const [opened, setOpened] = useState<WebhookDelivery | null>(null);
  const list = useInfiniteQuery(deliveriesQuery(webhook.id, state === 'all' ? null : state));
  const replay = useReplayFailed(webhook.id);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  function replaySince(ms: number): void {
    replay.mutate(new Date(Date.now() - ms).toISOString(), {
      onSuccess: ({ count }) => showToast(t('replayed', { count })),
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <section aria-labelledby="webhook-log">
      <div className={styles.heading}>
        <h2 id="webhook-log">{t('log')}</h2>
        <Menu
          trigger={
            <Button size="small" isBusy={replay.isPending}>
              {t('replay_failed')}
            </Button>
          }
          items={SINCE.map(({ key, ms }) => ({ key, label: t(`since.${key}`), onSelect: () => replaySince(ms) }))}
        />
      </div>
      <Tabs
        label={t('log')}
        current={state}
        onChange={setState}
        tabs={(['all', ...DELIVERY_STATES] as const).map((key) => ({ key, label: t(`delivery_states.${key}`) }))}
      />
      {list.isPending && <Skeleton lines={3} label={t('loading')} />}
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <p className={styles.hint}>{t('log_empty')}</p>}
      {items.length > 0 && <LogTable items={items} onOpen={setOpened} />}
      {list.hasNextPage && (
        <Button className={styles.more} isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {opened !== null && <DeliveryDialog webhookId={webhook.id} delivery={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

function LogTable({ items, onOpen }: { items: readonly WebhookDelivery[]; onOpen: (delivery: WebhookDelivery) => void }) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const { what, reason } = useDeliveryWords();
  return (
    <Table label={t('log')} className={styles.log}>
      <thead>
        <tr>
          <HeadCell>{t('columns.what')}</HeadCell>
          <HeadCell>{t('columns.state')}</HeadCell>
          <HeadCell className={styles.wide}>{t('columns.answer')}</HeadCell>
          <HeadCell className={styles.wide}>{t('columns.attempts')}</HeadCell>
          <HeadCell className={styles.wide}>{t('columns.when')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {items.map((delivery) => (
          <tr key={delivery.id}>
            <Cell>
              <button type="button" className={styles.what} onClick={() => onOpen(delivery)}>
                {what(delivery)}
              </button>
            </Cell>
            <Cell>
              <Badge color={COLORS[delivery.state]}>{t(`state_words.${delivery.state}`)}</Badge>
            </Cell>
            <Cell className={styles.wide}>{reason(delivery)}</Cell>
            <Cell isNumber className={styles.wide}>
              {delivery.attempts}
            </Cell>
            <Cell className={styles.wide}>
              {delivery.next_at === null ? format.recent(delivery.finished_at ?? delivery.event_at) : t('next', { when: format.recent(delivery.next_at) })}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
