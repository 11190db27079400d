import { IconKeyboard, IconPlus, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { paths } from '@/records/paths';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { useFormat } from '@/ui/use-format';
import { modKey } from '@/ui/use-shortcuts';
import { JobsIndicator } from './JobsIndicator';
import styles from './TopBar.module.css';
import type { CreateTarget } from './use-create-target';

const NotificationBell = lazyPart(() => import('./NotificationBell'), 'NotificationBell');

export interface TopBarProps {
  slotRef: (element: HTMLElement | null) => void;
  createTarget: CreateTarget | null;
  onOpenPalette: () => void;
  onOpenKeys: () => void;
}

export function TopBar({ slotRef, createTarget, onOpenPalette, onOpenKeys }: TopBarProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const isOwn = useSession().seen_by == null;
  return (
    <header className={styles.bar}>
      <div ref={slotRef} className={styles.slot} />
      <button type="button" className={styles.search} title={t('open_search')} onClick={onOpenPalette}>
        <IconSearch size={16} aria-hidden="true" />
        <span className={styles.searchText}>{t('search_hint')}</span>
        <kbd aria-hidden="true">{modKey('K')}</kbd>
      </button>
      <div className={styles.right}>
        <IconButton className={styles.keys} label={t('keys.title')} icon={<IconKeyboard size={16} />} isFramed onClick={onOpenKeys} />
        <JobsIndicator />
        {/* They are for their owner alone. */}
        {isOwn && <NotificationBell />}
        {createTarget !== null && (
          <Link {...paths.create(createTarget.type.name, createTarget.section)} className={styles.create} title={`${t('create')} (C)`}>
            <IconPlus size={16} aria-hidden="true" />
            {format.label(createTarget.type.labels)}
          </Link>
        )}
      </div>
    </header>
  );
}
