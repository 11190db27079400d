import { IconMenu2, IconSun } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { paths } from '@/records/paths';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { keepClear } from '@/ui/keep-clear';
import { useFormat } from '@/ui/use-format';
import styles from './BottomBar.module.css';

/** The types whose lists are at the thumb. */
const AT_HAND = ['contact', 'deal'];

export interface BottomBarProps {
  /** The drawer lies over the page. */
  isInert: boolean;
  onOpenMenu: () => void;
}

/** The bar at the thumb of a phone: the day, the calendar, people, deals, and the rest. */
export function BottomBar({ isInert, onOpenMenu }: BottomBarProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { object_types: types } = useCatalog();
  return (
    <nav ref={keepClear} className={styles.bar} inert={isInert} aria-label={t('main_menu')}>
      {types.some((type) => type.name === 'task') && <Item link={paths.day()} icon={<IconSun size={20} aria-hidden="true" />} label={t('my_day')} />}
      {types.some((type) => type.calendar != null) && <Item link={paths.calendar()} icon={<CatalogIcon name="calendar" size={20} aria-hidden="true" />} label={t('calendar')} />}
      {AT_HAND.flatMap((name) => types.filter((type) => type.name === name)).map((type) => (
        <Item key={type.name} link={paths.list(type.name)} icon={<CatalogIcon name={type.icon} size={20} aria-hidden="true" />} label={format.label(type.labels_plural)} />
      ))}
      <button type="button" className={styles.item} onClick={onOpenMenu}>
        <IconMenu2 size={20} aria-hidden="true" />
        {t('more')}
      </button>
    </nav>
  );
}

/** A place; it is the current one with everything below it, whatever is searched there. */
function Item({ link, icon, label }: { link: ReturnType<(typeof paths)['list' | 'day' | 'calendar']>; icon: ReactNode; label: string }) {
  return (
    <Link {...link} className={styles.item} activeOptions={{ includeSearch: false }}>
      {icon}
      {label}
    </Link>
  );
}
