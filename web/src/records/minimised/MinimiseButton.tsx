import { IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { useShortcuts } from '@/ui/use-shortcuts';
import type { ListSearch } from '../list/list-search';
import { paths } from '../paths';
import { minimisedCards } from './minimised-cards';
import { useLeaveThen } from './use-leave-then';

export interface MinimiseButtonProps {
  type: ObjectType;
  record: RecordItem;
  isPage: boolean;
  list: ListSearch;
}

/** Puts a card aside; its list takes its place. */
export function MinimiseButton({ type, record, isPage, list }: MinimiseButtonProps) {
  const { t } = useTranslation('records');
  const leaveThen = useLeaveThen();
  function minimise(): void {
    const { id, title } = record;
    const closed = { ...list, open: undefined };
    leaveThen(paths.list(type.name, closed), () => minimisedCards.add({ type: type.name, id, title, isPage, list: closed }));
  }
  useShortcuts({ KeyM: minimise });
  return <IconButton isFramed={isPage} label={t('minimised.minimise')} icon={<IconMinus size={16} />} onClick={minimise} />;
}
