import { useObjectType } from '@/api/catalog';
import type { RecordItem } from '@/api/types';
import { Avatar, type AvatarProps } from '@/ui/Avatar';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { hasFace, pictureOf, shapeOf, signOf } from './record-shape';

interface FaceProps<Part extends keyof RecordItem> {
  record: Pick<RecordItem, Part>;
  size?: AvatarProps['size'];
}

/** A record as it is drawn: its face, or the icon of its type where it is nobody, as a task or a deal is. */
export function RecordAvatar({ record, size }: FaceProps<'type' | 'id' | 'title' | 'values'>) {
  const type = useObjectType(record.type);
  if (type === undefined || hasFace(type)) return <Face record={record} size={size} />;
  return <Avatar id={record.id} title={record.title} icon={<CatalogIcon name={type.icon} stroke={1.75} />} size={size} />;
}

/** The picture of a record where it has one and was asked for it, else its initials, with the sign of what it is. */
export function Face({ record, size }: FaceProps<'id' | 'title' | 'values'>) {
  return <Avatar id={record.id} title={record.title} shape={shapeOf(record)} picture={pictureOf(record)} sign={signOf(record)} size={size} />;
}
