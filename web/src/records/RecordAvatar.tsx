import type { RecordItem } from '@/api/types';
import { Avatar, type AvatarProps } from '@/ui/Avatar';
import { pictureOf, shapeOf, signOf } from './record-shape';

/** The face of a record: its picture where it has one and was asked for it, else its initials, with the sign of what it is. */
export function RecordAvatar({ record, size }: { record: Pick<RecordItem, 'id' | 'title' | 'values'>; size?: AvatarProps['size'] }) {
  return <Avatar id={record.id} title={record.title} shape={shapeOf(record)} picture={pictureOf(record)} sign={signOf(record)} size={size} />;
}
