import { IconArrowsDiagonal, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { ErrorState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { keepClear } from '@/ui/keep-clear';
import { Skeleton } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import type { ListSearch } from '../list/list-search';
import { MinimiseButton } from '../minimised/MinimiseButton';
import { isPartType } from '../part-type';
import { paths } from '../paths';
import { Timeline } from '../timeline/Timeline';
import { CardMenu } from './CardMenu';
import { History } from './History';
import { Identity } from './Identity';
import styles from './RecordPanel.module.css';
import { Main } from './Related';
import { RelatedArea } from './RelatedArea';

export interface RecordPanelProps {
  type: ObjectType;
  id: number;
  list: ListSearch;
  onClose: () => void;
}

/** The card beside its list. */
export function RecordPanel({ type, id, list, onClose }: RecordPanelProps) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const format = useFormat();
  const [part, setPart] = useState<'about' | 'history' | 'related'>('about');
  const record = useQuery(recordQuery(type.name, id));
  const about = isPartType(type) ? format.label(type.labels) : t('card.about');
  useShortcuts({ Escape: onClose });

  return (
    <aside ref={keepClear} className={styles.panel} aria-label={record.data?.title ?? t('card.title')}>
      <header className={styles.header}>
        <Tabs
          className={styles.tabs}
          label={t('card.title')}
          current={part}
          onChange={setPart}
          tabs={[
            { key: 'about', label: about },
            { key: 'history', label: t('card.history') },
            { key: 'related', label: t('card.related') },
          ]}
        />
        {record.data !== undefined && (
          <>
            <CardMenu type={type} record={record.data} onDeleted={onClose} />
            <MinimiseButton type={type} record={record.data} isPage={false} list={list} />
          </>
        )}
        {/* What comes with the record stands before these two, so that they stay where the hand expects them. */}
        <Link
          {...paths.card(type.name, id, { ...list, open: undefined })}
          className={styles.open}
          aria-label={t('card.open_page')}
          title={t('card.open_page')}
        >
          <IconArrowsDiagonal size={16} aria-hidden="true" />
        </Link>
        <IconButton label={t('card.close')} icon={<IconX size={16} />} onClick={onClose} />
      </header>
      <div className={styles.body}>
        {record.data === undefined ? (
          record.isError ? (
            <ErrorState message={errorText(record.error)} onRetry={() => void record.refetch()} />
          ) : (
            <Skeleton lines={8} label={t('loading')} />
          )
        ) : (
          <>
            {/* Hidden, not taken down: what stands in its editors outlives a look at the history. */}
            <div hidden={part !== 'about'}>
              <Identity type={type} record={record.data} headingLevel="h2" />
              <Main type={type} record={record.data} />
            </div>
            {part === 'history' && (
              <>
                <Timeline type={type} record={record.data} />
                <History type={type} record={record.data} />
              </>
            )}
            {part === 'related' && (
              <>
                <RelatedArea type={type} record={record.data} />
              </>
            )}
          </>
        )}
      </div>
    </aside>
  );
}
