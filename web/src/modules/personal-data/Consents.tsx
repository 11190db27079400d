import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { consentsQuery, type ConsentState } from '@/api/personal-data';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { Badge, type BadgeColor } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/use-format';
import { ConsentDialog } from './ConsentDialog';
import { ConsentHistory } from './ConsentHistory';
import styles from './PersonalData.module.css';

const COLORS: Readonly<Record<ConsentState['state'], BadgeColor>> = { none: 'grey', given: 'green', expired: 'amber', withdrawn: 'red' };

/** What the person has agreed to, purpose by purpose. */
export function Consents({ record }: RelatedProps) {
  const { t } = useTranslation('personal-data');
  const errorText = useErrorText();
  const { data, error, refetch } = useQuery(consentsQuery(record.id));
  const [asked, setAsked] = useState<{ consent: ConsentState; state: 'given' | 'withdrawn' } | null>(null);
  const [isHistoryOpen, setIsHistoryOpen] = useState(false);
  if (error !== null && data === undefined) {
    return (
      <Block title={t('consents.title')}>
        <ErrorState message={errorText(error)} onRetry={() => void refetch()} />
      </Block>
    );
  }
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Block title={t('consents.title')}>
      <ul className={styles.list}>
        {data.items.map((consent) => (
          <Consent
            key={consent.purpose.id}
            consent={consent}
            canRecord={data.can_record}
            onAsk={(state) => setAsked({ consent, state })}
          />
        ))}
      </ul>
      {data.items.some(({ state }) => state !== 'none') && (
        <Button look="link" onClick={() => setIsHistoryOpen(true)}>
          {t('consents.history')}
        </Button>
      )}
      {asked !== null && <ConsentDialog contactId={record.id} consent={asked.consent} state={asked.state} onClose={() => setAsked(null)} />}
      {isHistoryOpen && <ConsentHistory contact={record} onClose={() => setIsHistoryOpen(false)} />}
    </Block>
  );
}

interface ConsentProps {
  consent: ConsentState;
  canRecord: boolean;
  onAsk: (state: 'given' | 'withdrawn') => void;
}

function Consent({ consent, canRecord, onAsk }: ConsentProps) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const { state } = consent;
  const name = consent.purpose.title;
  return (
    <li className={styles.consent}>
      <div className={styles.line}>
        <span className={styles.purpose}>{name}</span>
        <Badge color={COLORS[state]}>{t(`consents.states.${state}`)}</Badge>
      </div>
      {consent.at != null && (
        <span>
          {format.recent(consent.at)}
          {consent.expires_on != null && ` · ${t('consents.until', { day: format.date(consent.expires_on) })}`}
          {consent.is_outdated && state === 'given' && ` · ${t('consents.outdated')}`}
        </span>
      )}
      {canRecord && (
        <div className={styles.buttons}>
          {consent.is_active && (state !== 'given' || consent.is_outdated) && (
            <Button look="link" aria-label={t('consents.record_named', { name })} onClick={() => onAsk('given')}>
              {t('consents.record')}
            </Button>
          )}
          {state === 'given' && (
            <Button look="link" aria-label={t('consents.withdraw_named', { name })} onClick={() => onAsk('withdrawn')}>
              {t('consents.withdraw')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
