import { useInfiniteQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordListQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { asText } from '@/fields/values';
import { Block } from '@/records/card/Block';
import { sectionValues } from '@/records/form/draft';
import { paths } from '@/records/paths';
import { RecordAvatar } from '@/records/RecordAvatar';
import { AVATAR_FIELDS } from '@/records/record-shape';
import { Button } from '@/ui/Button';
import { useFormat } from '@/ui/use-format';
import styles from './ContactRelated.module.css';

/** More than this fold away, so that the holding below stays in sight. */
const SHOWN_AT_FIRST = 8;

export interface PeopleProps {
  type: ObjectType;
  companyId: number;
  title: string;
  /** The card of the company itself, where people are added. */
  canAdd?: boolean;
  /** The person whose card this is does not stand among the colleagues. */
  exceptId?: number;
}

/** The people who work for a company. */
export function People({ type, companyId, title, canAdd = false, exceptId }: PeopleProps) {
  const { t } = useTranslation('contacts');
  const format = useFormat();
  const section = type.sections.find((candidate) => sectionValues(candidate).kind === 'person');
  const [showsAll, setShowsAll] = useState(false);
  const people = useInfiniteQuery(
    recordListQuery(type.name, { filter: `kind = "person" and parent = ${companyId}`, sort: 'name', fields: ['position', ...AVATAR_FIELDS].join(',') }),
  );
  const items = people.data?.pages.flatMap((page) => page.items).filter((person) => person.id !== exceptId) ?? [];
  if (people.isPending) return null;
  return (
    <Block title={title} count={people.hasNextPage ? `${format.number(items.length)}+` : format.number(items.length)}>
      {items.length === 0 && <p className={styles.none}>{t('no_people')}</p>}
      <ul>
        {(showsAll ? items : items.slice(0, SHOWN_AT_FIRST)).map((person) => (
          <li key={person.id} className={styles.person}>
            <RecordAvatar record={person} />
            <RecordLink type={type.name} id={person.id} className={styles.name}>
              <span title={person.title}>{person.title}</span>
            </RecordLink>
            <span className={styles.note} title={asText(person.values.position)}>
              {asText(person.values.position)}
            </span>
          </li>
        ))}
      </ul>
      {(people.hasNextPage || (!showsAll && items.length > SHOWN_AT_FIRST)) && (
        <Button
          look="link"
          isBusy={people.isFetchingNextPage}
          onClick={() => {
            if (showsAll) void people.fetchNextPage();
            setShowsAll(true);
          }}
        >
          {t('more_people')}
        </Button>
      )}
      {canAdd && section !== undefined && type.permissions.create && (
        <Link {...paths.create(type.name, section.key, { belongs: `parent:${companyId}` })} className={styles.add}>
          <IconPlus size={16} aria-hidden="true" />
          {t('add_person')}
        </Link>
      )}
    </Block>
  );
}
