import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { useRecordActions } from './use-record-actions';

export interface CardMenuProps {
  type: ObjectType;
  record: RecordItem;
  onDeleted: () => void;
}

/** What is done with the whole card. */
export function CardMenu({ type, record, onDeleted }: CardMenuProps) {
  const { t } = useTranslation('records');
  const items = useRecordActions(type, record, onDeleted);
  return <Menu trigger={<IconButton isFramed label={t('card.menu')} icon={<IconDots size={16} />} />} items={items} />;
}
