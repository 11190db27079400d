import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { recordListQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import styles from './PersonalData.module.css';

/** All that a person has said about his consents, newest first, with the words that he had read. */
export function ConsentHistory({ contact, onClose }: { contact: RecordItem; onClose: () => void }) {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  const errorText = useErrorText();
  const list = useInfiniteQuery(recordListQuery('consent', { filter: `record = ${contact.id}`, sort: '-at' }));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Dialog title={t('consents.history_of', { name: contact.title })} isText onClose={onClose}>
      {list.isPending && <Skeleton lines={4} label={t('loading')} />}
      {list.isError && items.length === 0 && <ErrorState message={errorText(list.error)} onRetry={() => void list.refetch()} />}
      <ul className={styles.list}>
        {items.map(({ id, title, values, created_by: author }) => (
          <li key={id} className={styles.consent}>
            <div className={styles.line}>
              <span className={styles.purpose}>{title}</span>
              <Badge color={values.state === 'given' ? 'green' : 'red'}>
                {t(values.state === 'given' ? 'consents.states.given' : 'consents.states.withdrawn')}
              </Badge>
            </div>
            <span>
              {[
                format.instant(asText(values.at)),
                author?.title,
                values.source_detail,
                values.channel,
                values.expires_on == null ? null : t('consents.until', { day: format.date(asText(values.expires_on)) }),
              ]
                .map(asText)
                .filter((text) => text !== '')
                .join(' · ')}
            </span>
            <details>
              <summary>{t('consents.words', { version: Number(values.text_version) })}</summary>
              <p className={styles.words}>{asText(values.text)}</p>
            </details>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button look="link" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Dialog>
  );
}
