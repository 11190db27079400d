import { useQuery } from '@tanstack/react-query';
import { userPhotoQuery } from '@/api/user-photos';
import { Avatar, type AvatarProps } from '@/ui/Avatar';

export interface UserAvatarProps {
  /** Zero stands for somebody who is no user. */
  id: number;
  title: string;
  size?: AvatarProps['size'];
}

/** The face of a user: his initials at once, and his photo as soon as it is known that he has one. */
export function UserAvatar({ id, title, size }: UserAvatarProps) {
  const { data: picture = null } = useQuery({ ...userPhotoQuery(id), enabled: id > 0 });
  return <Avatar id={id} title={title} size={size} picture={picture} />;
}
