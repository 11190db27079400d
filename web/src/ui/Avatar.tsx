import { IconBuilding, IconGenderFemale, IconGenderMale, IconUser } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '@/util/class-names';
import styles from './Avatar.module.css';

const COLORS = ['blue', 'amber', 'green', 'purple', 'red', 'teal'] as const;

/** Whose face it is, where that is told by a sign beside it. */
export type AvatarSign = 'company' | 'person' | 'man' | 'woman';

const SIGNS: Readonly<Record<AvatarSign, typeof IconUser>> = { company: IconBuilding, person: IconUser, man: IconGenderMale, woman: IconGenderFemale };

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
  size?: 'tiny' | 'small' | 'medium' | 'large' | 'portrait' | undefined;
  /** The address of a picture, which stands instead of the initials as soon as it can be shown. */
  picture?: string | null;
  sign?: AvatarSign | null;
  /** Instead of initials, on no colour, for what is nobody. */
  icon?: ReactNode;
}

/** A picture, else initials on a colour that follows from the id, so that one face keeps one colour. */
export function Avatar({ id, title, shape = 'round', size = 'small', picture = null, sign = null, icon }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const isPictured = picture !== null && picture !== broken;
  if (icon !== undefined) {
    return (
      <span className={classNames(styles.avatar, styles.thing, styles[size])} aria-hidden="true">
        {icon}
      </span>
    );
  }
  return (
    <span
      className={classNames(styles.avatar, styles[COLORS[Math.abs(id) % COLORS.length] ?? 'blue'], styles[shape], styles[size], isPictured && styles.pictured)}
      aria-hidden="true"
      // Within a line of text the letters are drawn and are no text: they are neither copied nor found.
      data-initials={size === 'tiny' ? initialsOf(title) : undefined}
    >
      {size !== 'tiny' && initialsOf(title)}
      {isPictured && <img src={picture} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(picture)} />}
      {sign !== null && <Sign sign={sign} />}
    </span>
  );
}

function Sign({ sign }: { sign: AvatarSign }) {
  const { t } = useTranslation('ui');
  const Icon = SIGNS[sign];
  return (
    <span className={styles.sign} title={t(`signs.${sign}`)} data-sign={sign}>
      <Icon stroke={2.25} />
    </span>
  );
}
