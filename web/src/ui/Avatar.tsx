import { classNames } from '@/util/class-names';
import styles from './Avatar.module.css';

const COLORS = ['blue', 'amber', 'green', 'purple', 'red', 'teal'] as const;

/** The first letters of the first two words. */
export function initialsOf(title: string): string {
  return title
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
    .filter((word) => word !== '')
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}

export interface AvatarProps {
  id: number;
  title: string;
  /** Companies are square, people are round. */
  shape?: 'round' | 'square';
  size?: 'small' | 'medium' | 'large';
}

/** Initials on a colour that follows from the id, so that one face keeps one colour. */
export function Avatar({ id, title, shape = 'round', size = 'small' }: AvatarProps) {
  return (
    <span
      className={classNames(styles.avatar, styles[COLORS[Math.abs(id) % COLORS.length] ?? 'blue'], styles[shape], styles[size])}
      aria-hidden="true"
    >
      {initialsOf(title)}
    </span>
  );
}
