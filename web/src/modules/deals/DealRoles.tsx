import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { recordListQuery } from '@/api/records';
import { RecordLink } from '@/fields/RecordLink';
import { asReference, asText } from '@/fields/values';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import styles from './People.module.css';

const PART_TYPE = 'deal_participant';

/** The deals in which somebody has a role, on his own card. */
export function DealRoles({ record }: RelatedProps) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  const parts = useObjectType(PART_TYPE);
  const list = useInfiniteQuery({
    ...recordListQuery(PART_TYPE, { filter: `contact = ${record.id}`, sort: '-id', fields: 'deal,role' }),
    enabled: parts?.permissions.see === true,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  const options = parts?.fields.find(({ name }) => name === 'role')?.settings.options ?? [];
  return (
    <Block title={t('roles')} count={list.hasNextPage ? `${format.number(items.length)}+` : format.number(items.length)}>
      <ul aria-label={t('roles')}>
        {items.map((item) => {
          const deal = asReference(item.values.deal);
          return (
            <li key={item.id} className={styles.person}>
              <span className={styles.name} title={deal?.title}>
                {deal !== null && (
                  <RecordLink type="deal" id={deal.id}>
                    {deal.title}
                  </RecordLink>
                )}
              </span>
              <span className={styles.said}>{format.label(options.find(({ key }) => key === asText(item.values.role))?.labels)}</span>
            </li>
          );
        })}
      </ul>
      {list.hasNextPage && (
        <Button look="link" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more_lines')}
        </Button>
      )}
    </Block>
  );
}
