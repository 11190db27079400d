import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import type { RowMenuPlace } from './row-menu-place';

export interface RowMenuButtonProps {
  record: RecordItem;
  className: string | undefined;
  onMenu: (place: RowMenuPlace) => void;
}

/** Opens the menu of a row; the keyboard has a key for it instead of a stop at every row. */
export function RowMenuButton({ record, className, onMenu }: RowMenuButtonProps) {
  const { t } = useTranslation('records');
  return (
    <IconButton
      size="small"
      className={className}
      label={t('row_menu.button', { name: record.title })}
      aria-haspopup="menu"
      tabIndex={-1}
      icon={<IconDots size={16} />}
      onClick={(event) => {
        // The focus comes back to the list as a whole, where the keys work.
        event.currentTarget.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
        onMenu({ id: record.id, anchor: event.currentTarget, point: null });
      }}
    />
  );
}
