import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import {
  useChangeWebhook,
  useDeleteWebhook,
  useRotateSecret,
  useTryWebhook,
  webhookQuery,
  type Webhook,
  type WebhookDeliveryDetails,
  type WebhookSubscription,
} from '@/api/webhooks';
import { FilterWords } from '@/records/filter-bar/FilterWords';
import { paths } from '@/records/paths';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { DeliveryLog } from './DeliveryLog';
import { useDeliveryWords } from './delivery-words';
import { SecretDialog } from './SecretDialog';
import { StateBadge } from './StateBadge';
import { WebhookDialog } from './WebhookDialog';
import styles from './Webhooks.module.css';

/** One webhook: how it stands, what it tells, and the log of what it sent. */
export function WebhookScreen() {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const id = Number(useParams({ strict: false }).id);
  const found = useQuery(webhookQuery(id));
  if (found.isPending) return <Skeleton lines={4} label={t('loading')} />;
  if (found.isError) return <ErrorState message={errorText(found.error)} onRetry={() => void found.refetch()} />;
  return <Shown webhook={found.data} />;
}

type OpenDialog = { kind: 'change' | 'delete' } | { kind: 'secret'; secret: string; oldUntil: string };

function Shown({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const format = useFormat();
  const change = useChangeWebhook(webhook.id);
  const trial = useTryWebhook(webhook.id);
  const rotate = useRotateSecret(webhook.id);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const onError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  const turn = (isActive: boolean): void => change.mutate({ is_active: isActive }, { onError });
  return (
    <Page
      isInner
      width="list"
      title={webhook.name}
      intro={<Link {...paths.webhooks()}>{t('back')}</Link>}
      aside={
        <div className={styles.tools}>
          <Button isBusy={trial.isPending} onClick={() => trial.mutate(undefined, { onError })}>
            {t('try')}
          </Button>
          <Button look={webhook.is_active ? 'normal' : 'primary'} isBusy={change.isPending} onClick={() => turn(!webhook.is_active)}>
            {webhook.is_active ? t('turn_off') : t('turn_on')}
          </Button>
          <Menu
            trigger={<IconButton isFramed label={t('menu')} icon={<IconDots size={16} />} />}
            items={[
              { key: 'change', label: t('change'), onSelect: () => setDialog({ kind: 'change' }) },
              {
                key: 'secret',
                label: t('rotate'),
                onSelect: () =>
                  rotate.mutate(undefined, {
                    onSuccess: ({ secret, old_secret_until: oldUntil }) => setDialog({ kind: 'secret', secret, oldUntil }),
                    onError,
                  }),
              },
              { key: 'delete', label: t('delete'), isDangerous: true, startsGroup: true, onSelect: () => setDialog({ kind: 'delete' }) },
            ]}
          />
        </div>
      }
    >
      <div className={styles.banners}>
        {webhook.off_reason !== null && webhook.off_at !== null && (
          <Banner tone="error">{t(`off_reasons.${webhook.off_reason}`, { when: format.recent(webhook.off_at) })}</Banner>
        )}
        {webhook.is_active && webhook.failing_since !== null && (
          <Banner tone="warning">{t('failing_since', { when: format.recent(webhook.failing_since) })}</Banner>
        )}
        {trial.data !== undefined && <TrialAnswer trial={trial.data} />}
      </div>
      <dl className={styles.facts}>
        <dt>{t('state')}</dt>
        <dd>
          <StateBadge webhook={webhook} />
        </dd>
        <dt>{t('url')}</dt>
        <dd>{webhook.url}</dd>
        <dt>{t('user')}</dt>
        <dd>{webhook.user.title ?? t('nobody')}</dd>
        {webhook.subscriptions.map((subscription) => (
          <Told key={subscription.type} subscription={subscription} />
        ))}
        {webhook.old_secret_until !== null && (
          <>
            <dt>{t('secret')}</dt>
            <dd>{t('old_secret', { when: format.instant(webhook.old_secret_until) })}</dd>
          </>
        )}
      </dl>
      <DeliveryLog webhook={webhook} />
      {dialog?.kind === 'change' && <WebhookDialog webhook={webhook} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'secret' && <SecretDialog secret={dialog.secret} oldUntil={dialog.oldUntil} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'delete' && <DeleteDialog webhook={webhook} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function Told({ subscription }: { subscription: WebhookSubscription }) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const type = useCatalog().object_types.find((known) => known.name === subscription.type);
  return (
    <>
      <dt>{type === undefined ? subscription.type : format.label(type.labels_plural)}</dt>
      <dd>
        {format.list(subscription.actions.map((action) => t(`actions.${action}`)))}
        {type !== undefined && subscription.filter !== null && (
          <>
            {' · '}
            <FilterWords type={type} filter={subscription.filter} />
          </>
        )}
      </dd>
    </>
  );
}

function TrialAnswer({ trial }: { trial: WebhookDeliveryDetails }) {
  const { t } = useTranslation('webhooks');
  const { reason } = useDeliveryWords();
  const duration = trial.log[0]?.duration_ms ?? 0;
  return trial.state === 'done' ? (
    <Banner tone="success">{t('trial_done', { status: trial.status, duration })}</Banner>
  ) : (
    <Banner tone="error">{t('trial_failed', { reason: reason(trial) })}</Banner>
  );
}

function DeleteDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const navigate = useNavigate();
  const remove = useDeleteWebhook();
  return (
    <Dialog
      title={t('delete_title', { name: webhook.name })}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="danger"
            isBusy={remove.isPending}
            onClick={() => remove.mutate(webhook.id, { onSuccess: () => void navigate(paths.webhooks()) })}
          >
            {t('delete')}
          </Button>
        </>
      }
    >
      {remove.isError && <Banner tone="error">{errorText(remove.error)}</Banner>}
      <p>{t('delete_text')}</p>
    </Dialog>
  );
}
