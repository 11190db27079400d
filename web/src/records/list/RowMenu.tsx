import { IconArrowsDiagonal, IconArrowsJoin2, IconChecks, IconExternalLink, IconLayoutSidebarRight, IconMapSearch, IconPencil, IconPhone, IconSend, IconTrash, IconUsersPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { PointMenu, type MenuItem } from '@/ui/Menu';
import { modKey } from '@/ui/use-shortcuts';
import { useRecordActions } from '../card/use-record-actions';
import { paths } from '../paths';
import { waysToReach } from './reach-of';
import type { RowMenuPlace } from './row-menu-place';
import { useBulkActions, type BulkTarget } from './use-bulk-actions';

export interface RowMenuProps extends BulkTarget {
  records: readonly RecordItem[];
  place: RowMenuPlace;
  /** What the look of the list does with one record besides. */
  more?: readonly MenuItem[];
  onClose: () => void;
}

/** The menu of a row: what can be done with its record, or with all ticked ones if it is among several. */
export function RowMenu({ place, records, ...target }: RowMenuProps) {
  const record = records.find(({ id }) => id === place.id);
  if (record === undefined) return null;
  const { selection } = target;
  const isOfMany = selection.has(record.id) && (selection.isAllMatching || selection.ids.size > 1);
  return isOfMany ? <MenuOfMany place={place} {...target} /> : <MenuOfOne place={place} record={record} {...target} />;
}

type PartProps = Omit<RowMenuProps, 'records'>;

function MenuOfOne({ type, state, record, place, more = [], onClose }: PartProps & { record: RecordItem }) {
  const { t } = useTranslation(['records', 'fields']);
  const navigate = useNavigate();
  const { search, change } = state;
  const actions = useRecordActions(type, record, () => {
    if (search.open === record.id) change({ open: undefined });
  });
  const channels = type.fields.filter((field) => field.kind === 'channels' && !field.is_retired);
  // A list asks for its columns only, and the phones may not be among them.
  const isKnown = channels.every((field) => field.name in record.values);
  const { data: full, isPending } = useQuery({ ...recordQuery(type.name, record.id), enabled: !isKnown, retry: false });
  const { phone, email } = waysToReach(isKnown ? record : (full ?? record), channels);
  const missing = (text: string): string => (!isKnown && isPending ? t('loading') : text);

  const items: MenuItem[] = [
    {
      key: 'open',
      label: t('row_menu.open'),
      icon: <IconLayoutSidebarRight size={16} />,
      shortcut: 'Enter',
      onSelect: () => change({ open: record.id }, { replace: search.open !== undefined }),
    },
    {
      key: 'page',
      label: t('card.open_page'),
      icon: <IconArrowsDiagonal size={16} />,
      shortcut: modKey('Enter'),
      onSelect: () => void navigate(paths.card(type.name, record.id, { ...search, open: undefined })),
    },
    {
      key: 'tab',
      label: t('row_menu.new_tab'),
      icon: <IconExternalLink size={16} />,
      href: `/records/${type.name}/${record.id}`,
      opensTab: true,
    },
  ];
  // The places stay the same for everyone, so that the hand finds them; what is missing says so.
  if (channels.length > 0) {
    items.push(
      {
        key: 'call',
        label: phone === null ? t('row_menu.call') : t('fields:channels.call', { value: phone.text }),
        icon: <IconPhone size={16} />,
        startsGroup: true,
        href: phone?.link,
        disabledReason: phone === null ? missing(t('row_menu.no_phone')) : null,
      },
      {
        key: 'write',
        label: email === null ? t('row_menu.write') : t('fields:channels.write', { value: email.text }),
        icon: <IconSend size={16} />,
        href: email?.link,
        disabledReason: email === null ? missing(t('row_menu.no_email')) : null,
      },
    );
  }
  const own = actions.map((item, index) => (index === 0 ? { ...item, startsGroup: true } : item));
  return <PointMenu label={t('row_menu.button', { name: record.title })} items={[...items, ...more, ...own]} anchor={place.anchor} point={place.point} onClose={onClose} />;
}

function MenuOfMany({ place, onClose, more: _, ...target }: PartProps) {
  const { t } = useTranslation(['records', 'sharing']);
  const { numberText, allText, mergeReason, merge, changeReason, deleteReason, askChange, askDelete, askShare, shareReason, askPlaces, dialog } = useBulkActions(target);
  const { selection } = target;
  const [isOpen, setIsOpen] = useState(true);
  // The dialog that was chosen outlives the menu.
  useEffect(() => {
    if (!isOpen && dialog === null) onClose();
  });

  const items: MenuItem[] = [
    { key: 'change', label: t('records:bulk.change'), icon: <IconPencil size={16} />, disabledReason: changeReason, onSelect: askChange },
    { key: 'merge', label: t('records:bulk.merge'), icon: <IconArrowsJoin2 size={16} />, disabledReason: mergeReason, onSelect: merge },
    ...(askShare === null ? [] : [{ key: 'share', label: t('sharing:bulk.button'), icon: <IconUsersPlus size={16} />, disabledReason: shareReason, onSelect: askShare }]),
    ...(askPlaces === null ? [] : [{ key: 'places', label: t('records:places.button'), icon: <IconMapSearch size={16} />, onSelect: askPlaces }]),
    ...(allText === null
      ? []
      : [{ key: 'all', label: t('records:bulk.select_all', { number: allText }), icon: <IconChecks size={16} />, onSelect: selection.selectAllMatching }]),
    { key: 'clear', label: t('records:bulk.clear'), icon: <IconX size={16} />, shortcut: 'Esc', onSelect: selection.clear },
    { key: 'delete', label: t('records:bulk.delete'), icon: <IconTrash size={16} />, shortcut: 'Del', isDangerous: true, startsGroup: true, disabledReason: deleteReason, onSelect: askDelete },
  ];
  return (
    <>
      {isOpen && (
        <PointMenu
          label={t('records:bulk.title')}
          heading={t('records:bulk.selected', { number: numberText })}
          items={items}
          anchor={place.anchor}
          point={place.point}
          onClose={() => setIsOpen(false)}
        />
      )}
      {dialog}
    </>
  );
}
