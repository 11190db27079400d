import { Link } from '@tanstack/react-router';
import type { ObjectType, RecordItem } from '@/api/types';
import { recordMark } from '@/fields/record-mark';
import type { AvatarProps } from '@/ui/Avatar';
import { Face } from '../RecordAvatar';
import { hasFace } from '../record-shape';
import { RestrictedMark } from '../RestrictedMark';
import type { ListSearch } from './list-search';

export interface TitleLinkProps {
  type: ObjectType;
  record: RecordItem;
  listSearch: ListSearch;
  className: string | undefined;
  textClassName: string | undefined;
  avatarSize?: AvatarProps['size'];
  /** Where no grid moves a cursor over it, Tab reaches it. */
  isInTabOrder?: boolean;
}

/** The picture and the title of a record in a list; leads to its card beside the list. */
export function TitleLink({ type, record, listSearch, className, textClassName, avatarSize, isInTabOrder = false }: TitleLinkProps) {
  return (
    <Link
      to="/records/$type"
      params={{ type: type.name }}
      search={{ ...listSearch, open: record.id }}
      replace={listSearch.open !== undefined}
      {...recordMark(type.name, record.id)}
      className={className}
      tabIndex={isInTabOrder ? undefined : -1}
      preload={false}
    >
      {/* Each row of a list of tasks would have the same icon. */}
      {hasFace(type) && <Face record={record} size={avatarSize} />}
      <span className={textClassName}>
        <RestrictedMark record={record} isSmall />
        {record.title}
      </span>
    </Link>
  );
}
