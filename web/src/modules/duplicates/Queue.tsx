import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDismiss } from '@/api/duplicates';
import { useErrorText } from '@/api/errors';
import { useMay } from '@/api/session';
import type { DuplicateCluster, DuplicateCount, ObjectType } from '@/api/types';
import { MergeEditor } from '@/records/merge/MergeEditor';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import styles from './DuplicatesScreen.module.css';
import { clusterKey, placeAfter } from './queue-place';

export interface QueueProps {
  type: ObjectType;
  clusters: readonly DuplicateCluster[];
  count: DuplicateCount | undefined;
  hasMore: boolean;
  isLoadingMore: boolean;
  onLoadMore: () => void;
}

/** One cluster after the other: looked at, merged or told apart, and on to the next. */
export function Queue({ type, clusters, count, hasMore, isLoadingMore, onLoadMore }: QueueProps) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const errorText = useErrorText();
  const dismiss = useDismiss(type.name);
  // It holds for everybody, so it is for those who might merge them.
  const mayTellApart = useMay('duplicates') && type.permissions.merge;
  const [place, setPlace] = useState<{ key: string; index: number } | null>(null);
  const index = placeAfter(clusters.map(clusterKey), place);
  const cluster = clusters[index];
  const key = cluster === undefined ? '' : clusterKey(cluster);
  const words = (reasons: DuplicateCluster['reasons']): string => reasons.map((reason) => t(`reason.${reason}`)).join(', ');

  function goTo(target: number): void {
    const next = clusters[target];
    if (next === undefined) return;
    setPlace({ key: clusterKey(next), index: target });
    if (target >= clusters.length - 2 && hasMore && !isLoadingMore) onLoadMore();
  }

  // The cluster is off the screen by the time of the answer; a promise outlives it.
  async function tellApart(): Promise<void> {
    if (cluster === undefined || dismiss.isPending || !mayTellApart) return;
    const ids = cluster.records.map((record) => record.id);
    setPlace({ key, index });
    try {
      await dismiss.mutateAsync({ ids, isDismissed: true });
      showToast(t('dismissed'), {
        action: {
          label: t('undo'),
          onPress: () => {
            dismiss.mutateAsync({ ids, isDismissed: false }).catch((error: unknown) => showToast(errorText(error), { tone: 'error' }));
          },
        },
      });
    } catch (error) {
      showToast(errorText(error), { tone: 'error' });
    }
  }

  useShortcuts({
    KeyJ: () => goTo(index + 1),
    KeyK: () => goTo(index - 1),
    KeyN: () => void tellApart(),
  });

  if (cluster === undefined) return null;
  const total = Math.max(count?.clusters ?? 0, clusters.length);
  return (
    <div className={styles.columns}>
      <nav className={styles.side} aria-label={t('queue')}>
        <ol className={styles.list}>
          {clusters.map((item, at) => (
            <li key={clusterKey(item)}>
              <button type="button" className={styles.item} aria-current={at === index} onClick={() => goTo(at)}>
                <span className={styles.itemTitle}>{item.records[0]?.title}</span>
                <span className={styles.score} title={t('sure_title', { score: item.score })}>
                  {t('sure', { score: item.score })}
                </span>
                <span className={styles.itemNote}>
                  {item.records.length} · {words(item.reasons)}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {hasMore && (
          <Button look="link" isBusy={isLoadingMore} onClick={onLoadMore}>
            {t('more')}
          </Button>
        )}
      </nav>
      <section aria-label={cluster.records[0]?.title}>
        <div className={styles.top}>
          <span className={styles.why} title={t('sure_title', { score: cluster.score })}>
            {t('reasons', { reasons: words(cluster.reasons) })} · {t('sure', { score: cluster.score })}
          </span>
          <span className={styles.steps}>
            <span className={styles.position}>
              {t('position', { position: format.number(index + 1), total: format.number(total) + (count?.is_capped === true ? '+' : '') })}
            </span>
            <IconButton
              label={t('previous')}
              icon={<IconChevronLeft size={16} />}
              disabledReason={index === 0 && t('no_previous')}
              onClick={() => goTo(index - 1)}
            />
            <IconButton
              label={t('next')}
              icon={<IconChevronRight size={16} />}
              disabledReason={index >= clusters.length - 1 && t('no_next')}
              onClick={() => goTo(index + 1)}
            />
          </span>
        </div>
        <MergeEditor
          key={key}
          type={type}
          records={cluster.records}
          mergeHint={t('merge_hint')}
          actions={
            mayTellApart && (
              <Button title={t('different_hint')} isBusy={dismiss.isPending} onClick={() => void tellApart()}>
                {t('different')}
              </Button>
            )
          }
          onMerged={() => setPlace({ key, index })}
        />
      </section>
    </div>
  );
}
