import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useKeepUnreadable, useStartImport } from '@/api/imports';
import type { ImportCheck, ImportItem } from '@/api/types';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { BackToColumns } from './BackToColumns';
import styles from './CheckResult.module.css';
import { DecisionList } from './DecisionList';
import { ErrorList } from './ErrorList';
import { StepPage } from './StepPage';

type View = 'decisions' | 'errors';

/** What the dry run found: how many of what, what needs an answer, which cells are wrong. */
export function CheckResult({ item, check }: { item: ImportItem; check: ImportCheck }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const start = useStartImport(item.id);
  const keep = useKeepUnreadable(item.id);
  const panelId = useId();
  const [wanted, setWanted] = useState<View>(check.needs_decision > 0 ? 'decisions' : 'errors');
  const rows = check.would_create + check.would_update + check.needs_decision;
  const photos = check.photos ?? 0;
  const hasLists = check.needs_decision > 0 || check.errors > 0;

  function run(): void {
    start.mutate(undefined, {
      onSuccess: () => void navigate({ to: '/import/$id', params: { id: String(item.id) }, search: {}, replace: true }),
    });
  }

  return (
    <StepPage
      actions={
        <>
          <BackToColumns item={item} />
          <span className={styles.spacer} />
          <Button look="primary" isBusy={start.isPending || keep.isPending} disabledReason={rows === 0 ? t('check.nothing_to_load') : null} onClick={run}>
            {t('check.start')}
          </Button>
        </>
      }
    >
      <div className={styles.page}>
        {start.isError && <Banner tone="error">{errorText(start.error)}</Banner>}
        {keep.isError && <Banner tone="error">{errorText(keep.error)}</Banner>}
        <CheckCounts check={check} />
        {check.errors > 0 && !item.keep_unreadable && (
          <Banner
            tone="warning"
            actions={
              <Button size="small" isBusy={keep.isPending} onClick={() => keep.mutate()}>
                {t('check.keep_unreadable')}
              </Button>
            }
          >
            {t('check.unreadable')}
          </Banner>
        )}
        {photos > 0 && <Banner tone="info">{t('check.photos', { count: photos })}</Banner>}
        {!hasLists && <Banner tone="success">{t('check.all_good')}</Banner>}
        {hasLists && (
          <div>
            <Tabs<View>
              label={t('check.lists')}
              panelId={panelId}
              current={wanted}
              onChange={setWanted}
              tabs={[
                { key: 'decisions', label: t('check.decisions'), count: format.number(check.needs_decision) },
                { key: 'errors', label: t('check.errors'), count: format.number(check.errors) },
              ]}
            />
            <div id={panelId} role="tabpanel" className={styles.panel}>
              {wanted === 'decisions' ? <DecisionList item={item} /> : <ErrorList item={item} />}
            </div>
          </div>
        )}
      </div>
    </StepPage>
  );
}

function CheckCounts({ check }: { check: ImportCheck }) {
  const { t } = useTranslation('import');
  const format = useFormat();
  const counts = [
    { key: 'read', value: check.read, tone: undefined },
    { key: 'would_create', value: check.would_create, tone: 'green' },
    { key: 'would_update', value: check.would_update, tone: undefined },
    { key: 'unchanged', value: check.unchanged, tone: undefined },
    { key: 'needs_decision', value: check.needs_decision, tone: 'amber' },
    ...(check.skipped > 0 ? [{ key: 'skipped', value: check.skipped, tone: undefined }] : []),
    { key: 'errors', value: check.errors, tone: 'red' },
    { key: 'companies', value: check.companies, tone: undefined },
  ];
  return (
    <dl className={styles.counts}>
      {counts.map(({ key, value, tone }) => (
        <div key={key} className={styles.count} data-tone={value > 0 ? tone : undefined}>
          <dt>{t(`check.counts.${key}`)}</dt>
          <dd>{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
