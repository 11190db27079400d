import { IconMenu2, IconPlus, IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { paths } from '@/records/paths';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { keepClear } from '@/ui/keep-clear';
import { useFormat } from '@/ui/use-format';
import styles from './BottomBar.module.css';
import type { CreateTarget } from './use-create-target';

export interface BottomBarProps {
  createTarget: CreateTarget | null;
  /** The drawer lies over the page. */
  isInert: boolean;
  onOpenPalette: () => void;
  onOpenMenu: () => void;
}

/** The bar at the thumb of a phone: two sections, create, search, and the rest. */
export function BottomBar({ createTarget, isInert, onOpenPalette, onOpenMenu }: BottomBarProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { search, pathname } = useLocation();
  const type = useCatalog().object_types.find((candidate) => !candidate.is_system);
  const current = 'section' in search && !pathname.endsWith('/new') ? search.section : undefined;
  return (
    <nav ref={keepClear} className={styles.bar} inert={isInert} aria-label={t('main_menu')}>
      {type?.sections.slice(0, 2).map((section) => (
        <Link
          key={section.key}
          {...paths.list(type.name, { section: section.key })}
          className={styles.item}
          activeOptions={{ exact: true }}
          aria-current={section.key === current ? 'page' : undefined}
        >
          <CatalogIcon name={section.icon} size={20} aria-hidden="true" />
          {format.label(section.labels)}
        </Link>
      ))}
      {createTarget !== null && (
        <Link {...paths.create(createTarget.type.name, createTarget.section)} className={styles.item}>
          <IconPlus size={20} aria-hidden="true" />
          {t('create')}
        </Link>
      )}
      <button type="button" className={styles.item} onClick={onOpenPalette}>
        <IconSearch size={20} aria-hidden="true" />
        {t('search')}
      </button>
      <button type="button" className={styles.item} onClick={onOpenMenu}>
        <IconMenu2 size={20} aria-hidden="true" />
        {t('more')}
      </button>
    </nav>
  );
}
