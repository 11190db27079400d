import { IconArrowLeft, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordCountQuery, recordQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Skeleton } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { TopBarContent } from '@/ui/TopBarContent';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { useTitle } from '@/ui/use-title';
import { useShortcuts } from '@/ui/use-shortcuts';
import { rememberPlace } from '../list/list-place';
import type { ListSearch } from '../list/list-search';
import { listQuery } from '../list/use-list-state';
import { MinimiseButton } from '../minimised/MinimiseButton';
import { isPartType } from '../part-type';
import { paths } from '../paths';
import { stageField } from '../stages/stage-field';
import { Timeline } from '../timeline/Timeline';
import { CardMenu } from './CardMenu';
import styles from './RecordPage.module.css';
import { History } from './History';
import { Identity } from './Identity';
import { Main } from './Related';
import { RelatedArea } from './RelatedArea';
import { useNeighbours } from './use-neighbours';

const StageBar = lazyPart(() => import('../stages/StageBar'), 'StageBar');

type Part = 'about' | 'history' | 'related';

/** The card on a full page: who it is, what happened, what belongs to it. On a phone the three are tabs. */
export function RecordPage({ type, id, list }: { type: ObjectType; id: number; list: ListSearch }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const isNarrow = useNarrow();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const [part, setPart] = useState<Part>('about');
  const record = useQuery(recordQuery(type.name, id));
  const query = listQuery(type, list);
  const count = useQuery(recordCountQuery(type.name, query));
  const neighbours = useNeighbours(type, query, id);
  const section = type.sections.find((candidate) => candidate.key === list.section);
  const stage = stageField(type);
  const about = isPartType(type) ? format.label(type.labels) : t('card.about');
  useTitle(record.data?.title);
  useEffect(() => rememberPlace(type.name, list, { id }), [type.name, list, id]);

  const goBack = (): void => void navigate(paths.list(type.name, list));
  function goTo(target: number | null): void {
    if (target !== null) void navigate({ ...paths.card(type.name, target, list), replace: true });
  }
  useShortcuts({
    KeyJ: () => goTo(neighbours.next),
    KeyK: () => goTo(neighbours.previous),
    Escape: goBack,
  });

  return (
    <div className={styles.page}>
      <TopBarContent>
        <IconButton label={t('card.back')} icon={<IconArrowLeft size={16} />} onClick={goBack} />
        <span className={styles.where}>
          {format.label(section?.labels ?? type.labels_plural)}
          {neighbours.position !== null && count.data !== undefined && (
            <span className={styles.position}>
              {format.number(neighbours.position)} / {format.number(count.data.count)}
              {count.data.is_capped && '+'}
            </span>
          )}
        </span>
        <IconButton
          label={t('card.previous')}
          icon={<IconChevronUp size={16} />}
          disabledReason={neighbours.previous === null && t('card.no_previous')}
          onClick={() => goTo(neighbours.previous)}
        />
        <IconButton
          label={t('card.next')}
          icon={<IconChevronDown size={16} />}
          disabledReason={neighbours.next === null && t('card.no_next')}
          onClick={() => goTo(neighbours.next)}
        />
        <span className={styles.menu}>
          {record.data !== undefined && (
            <>
              <MinimiseButton type={type} record={record.data} isPage list={list} />
              <CardMenu type={type} record={record.data} onDeleted={goBack} />
            </>
          )}
        </span>
      </TopBarContent>
      {record.isError && record.data === undefined ? (
        <ErrorState
          message={errorText(record.error)}
          onRetry={isApiError(record.error) && record.error.status === 404 ? undefined : () => void record.refetch()}
        />
      ) : record.data === undefined ? (
        <div className={styles.waiting}>
          <Skeleton lines={10} label={t('loading')} />
        </div>
      ) : (
        <>
          <Tabs
            className={styles.tabs}
            label={record.data.title}
            current={part}
            onChange={setPart}
            tabs={[
              { key: 'about', label: about },
              { key: 'history', label: t('card.history') },
              { key: 'related', label: t('card.related') },
            ]}
          />
          {stage !== undefined && (
            <div className={styles.stages}>
              <StageBar type={type} field={stage} record={record.data} />
            </div>
          )}
          <div className={styles.columns} data-part={part}>
            <section className={styles.about} aria-label={about}>
              <Identity type={type} record={record.data} headingLevel="h1" />
              {isNarrow && <Main type={type} record={record.data} />}
            </section>
            <section className={styles.history} aria-label={t('card.history')}>
              {!isNarrow && <Main type={type} record={record.data} />}
              <Timeline type={type} record={record.data} />
              <History type={type} record={record.data} />
            </section>
            <aside className={styles.related} aria-label={t('card.related')}>
              <RelatedArea type={type} record={record.data} />
            </aside>
          </div>
        </>
      )}
    </div>
  );
}
