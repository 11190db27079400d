import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Tabs } from '@/ui/Tabs';
import { Acts } from './Acts';
import { DataMapView } from './DataMapView';
import { ErasedAddresses } from './ErasedAddresses';
import styles from './PersonalData.module.css';
import { Purposes } from './Purposes';
import { Retention } from './Retention';

const PARTS = ['purposes', 'retention', 'addresses', 'acts', 'map'] as const;

/** Personal data as the law sees it: what consents are asked for, what was destroyed, where data is kept. */
export function PersonalDataScreen() {
  const { t } = useTranslation('personal-data');
  const { permissions } = useSession();
  const [part, setPart] = useState<(typeof PARTS)[number]>('purposes');
  if (!permissions.features.includes('personal_data')) return <EmptyState title={t('keepers_only')}>{t('keepers_only_text')}</EmptyState>;
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro')}>
      <Tabs
        className={styles.tabs}
        label={t('title')}
        current={part}
        onChange={setPart}
        panelId="personal-data-part"
        tabs={PARTS.map((key) => ({ key, label: t(`parts.${key}`) }))}
      />
      <div id="personal-data-part" role="tabpanel" aria-label={t(`parts.${part}`)}>
        {part === 'purposes' && <Purposes />}
        {part === 'retention' && <Retention />}
        {part === 'addresses' && <ErasedAddresses />}
        {part === 'acts' && <Acts />}
        {part === 'map' && <DataMapView />}
      </div>
    </Page>
  );
}
