import { IconChevronRight } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordListQuery } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { Block } from '@/records/card/Block';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { classNames } from '@/util/class-names';
import styles from './ContactRelated.module.css';
import { useCompaniesAbove } from './holding-chain';

function childrenQuery(type: ObjectType, companyId: number) {
  return recordListQuery(type.name, { filter: `kind = "company" and parent = ${companyId}`, sort: 'name', fields: 'kind' });
}

/** The tree of companies around this one: all above it, and those below as deep as one opens them. */
export function Holding({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('contacts');
  const isCompany = record.values.kind === 'company';
  const above = useCompaniesAbove(type, record).data ?? [];
  const below = useInfiniteQuery({ ...childrenQuery(type, record.id), enabled: isCompany });
  const hasBelow = (below.data?.pages[0]?.items.length ?? 0) > 0;
  if (above.length === 0 && !hasBelow) return null;
  return (
    <Block title={isCompany ? t('holding') : t('company')}>
      <ul className={styles.tree}>
        {above.map((company, depth) => (
          <li key={company.id} className={styles.node} style={{ paddingLeft: depth * 16 }}>
            {isCompany && <span className={styles.twist} />}
            <Avatar id={company.id} title={company.title} shape="square" sign="company" />
            <RecordLink type={type.name} id={company.id} className={styles.name}>
              {company.title}
            </RecordLink>
          </li>
        ))}
        {isCompany && <Branch type={type} company={record} depth={above.length} isStart />}
      </ul>
    </Block>
  );
}

interface BranchProps {
  type: ObjectType;
  company: Pick<RecordItem, 'id' | 'title'>;
  depth: number;
  /** The company whose card this is: open from the start, and no link to itself. */
  isStart?: boolean;
}

/** A company and, once opened, those that stand below it. */
function Branch({ type, company, depth, isStart = false }: BranchProps) {
  const { t } = useTranslation('contacts');
  const [isOpen, setIsOpen] = useState(isStart);
  const below = useInfiniteQuery({ ...childrenQuery(type, company.id), enabled: isOpen });
  const items = below.data?.pages.flatMap((page) => page.items) ?? [];
  const isLeaf = below.isSuccess && items.length === 0;
  return (
    <>
      <li className={styles.node} style={{ paddingLeft: depth * 16 }}>
        {isLeaf ? (
          <span className={styles.twist} />
        ) : (
          <button
            type="button"
            className={styles.twist}
            aria-expanded={isOpen}
            aria-label={t('subsidiaries_of', { name: company.title })}
            onClick={() => setIsOpen(!isOpen)}
          >
            <IconChevronRight size={14} className={styles.arrow} aria-hidden="true" />
          </button>
        )}
        <Avatar id={company.id} title={company.title} shape="square" sign="company" />
        {isStart ? (
          <span className={classNames(styles.name, styles.here)}>{company.title}</span>
        ) : (
          <RecordLink type={type.name} id={company.id} className={styles.name}>
            {company.title}
          </RecordLink>
        )}
      </li>
      {isOpen && items.map((item) => <Branch key={item.id} type={type} company={item} depth={depth + 1} />)}
      {isOpen && below.hasNextPage && (
        <li style={{ paddingLeft: (depth + 1) * 16 + 20 }}>
          <Button look="link" isBusy={below.isFetchingNextPage} onClick={() => void below.fetchNextPage()}>
            {t('more_companies')}
          </Button>
        </li>
      )}
    </>
  );
}
