import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useSession } from '@/api/session';
import { webhooksQuery, type Webhook } from '@/api/webhooks';
import { paths } from '@/records/paths';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import { StateBadge } from './StateBadge';
import { WebhookDialog } from './WebhookDialog';
import styles from './Webhooks.module.css';

/** The programs that are told what happens to records; for administrators. */
export function WebhooksScreen() {
  const { t } = useTranslation('webhooks');
  const { permissions } = useSession();
  if (!permissions.features.includes('webhooks')) return <EmptyState title={t('administrators_only')}>{t('administrators_only_text')}</EmptyState>;
  return <WebhookList />;
}

function WebhookList() {
  const { t } = useTranslation('webhooks');
  const errorText = useErrorText();
  const list = useQuery(webhooksQuery);
  const [isMaking, setIsMaking] = useState(false);
  const items = list.data?.items ?? [];
  const add = (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setIsMaking(true)}>
      {t('new')}
    </Button>
  );
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro')} aside={items.length > 0 && add}>
      {list.isPending && <Skeleton lines={3} label={t('loading')} />}
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState title={t('empty')} actions={add}>
          {t('empty_text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={styles.list}>
          {items.map((webhook) => (
            <WebhookRow key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      {isMaking && <WebhookDialog webhook={null} onClose={() => setIsMaking(false)} />}
    </Page>
  );
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const format = useFormat();
  const types = useCatalog().object_types;
  const told = webhook.subscriptions.map(({ type }) => format.label(types.find((known) => known.name === type)?.labels_plural) || type);
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <Link {...paths.webhook(webhook.id)} className={styles.name}>
          {webhook.name}
        </Link>
        <p className={styles.url}>{webhook.url}</p>
        <p className={styles.hint}>{t('tells', { what: format.list(told), user: webhook.user.title ?? t('nobody') })}</p>
      </div>
      <StateBadge webhook={webhook} />
    </li>
  );
}
