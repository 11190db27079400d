import { Link } from '@tanstack/react-router';
import type { RecordItem } from '@/api/types';
import { recordMark } from '@/fields/record-mark';
import type { AvatarProps } from '@/ui/Avatar';
import { RecordAvatar } from '../RecordAvatar';
import { RestrictedMark } from '../RestrictedMark';
import type { ListSearch } from './list-search';

export interface TitleLinkProps {
  typeName: string;
  record: RecordItem;
  listSearch: ListSearch;
  className: string | undefined;
  textClassName: string | undefined;
  avatarSize?: AvatarProps['size'];
  /** Where no grid moves a cursor over it, Tab reaches it. */
  isInTabOrder?: boolean;
}

/** The picture and the title of a record in a list; leads to its card beside the list. */
export function TitleLink({ typeName, record, listSearch, className, textClassName, avatarSize, isInTabOrder = false }: TitleLinkProps) {
  return (
    <Link
      to="/records/$type"
      params={{ type: typeName }}
      search={{ ...listSearch, open: record.id }}
      replace={listSearch.open !== undefined}
      {...recordMark(typeName, record.id)}
      className={className}
      tabIndex={isInTabOrder ? undefined : -1}
      preload={false}
    >
      <RecordAvatar record={record} size={avatarSize} />
      <span className={textClassName}>
        <RestrictedMark record={record} isSmall />
        {record.title}
      </span>
    </Link>
  );
}
