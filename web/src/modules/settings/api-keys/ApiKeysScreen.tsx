import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiKeysQuery, type ApiKey } from '@/api/api-keys';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Skeleton } from '@/ui/Skeleton';
import { ApiKeyRow } from './ApiKeyRow';
import styles from './ApiKeys.module.css';
import { NewApiKeyDialog } from './NewApiKeyDialog';
import { RevokeDialog } from './RevokeDialog';

/** The keys of one's programs and, for who keeps the users, those of everybody. */
export function ApiKeysScreen() {
  const { t } = useTranslation('api-keys');
  const mayMake = useMay('api_keys');
  const mayKeepUsers = useMay('users');
  const [chosen, setChosen] = useState<'own' | 'all' | null>(null);
  if (!mayMake && !mayKeepUsers) return <EmptyState title={t('closed')}>{t('closed_text')}</EmptyState>;
  const whose = chosen ?? (mayMake ? 'own' : 'all');
  return (
    <KeyList
      key={whose}
      whose={whose}
      mayMake={mayMake}
      choice={
        mayMake &&
        mayKeepUsers && (
          <SegmentedChoice
            label={t('whose')}
            value={whose}
            options={(['own', 'all'] as const).map((value) => ({ value, label: t(`of.${value}`) }))}
            onChange={setChosen}
          />
        )
      }
    />
  );
}

interface KeyListProps {
  whose: 'own' | 'all';
  mayMake: boolean;
  choice: React.ReactNode;
}

function KeyList({ whose, mayMake, choice }: KeyListProps) {
  const { t } = useTranslation('api-keys');
  const errorText = useErrorText();
  const list = useQuery(apiKeysQuery(whose));
  const [isMaking, setIsMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const items = list.data?.items ?? [];
  const add = mayMake && (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setIsMaking(true)}>
      {t('new')}
    </Button>
  );
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro')} aside={items.length > 0 && add}>
      {choice}
      {list.isPending && <Skeleton lines={3} label={t('loading')} />}
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState title={t(`empty.${whose}`)} actions={add}>
          {t('empty_text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={styles.list} aria-label={t(`of.${whose}`)}>
          {items.map((key) => (
            <ApiKeyRow key={key.id} apiKey={key} showsOwner={whose === 'all'} onRevoke={() => setRevoked(key)} />
          ))}
        </ul>
      )}
      {isMaking && <NewApiKeyDialog onClose={() => setIsMaking(false)} />}
      {revoked !== null && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Page>
  );
}
