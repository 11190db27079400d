import { IconDots, IconPlus, IconShieldQuestion, IconUsersPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { use, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { lazyPart } from '@/ui/lazy-part';
import { useFormat } from '@/ui/use-format';
import { newFrom } from '../form/new-from';
import { paths } from '../paths';
import { CardTools, type CardTool } from './card-tools';
import { isShareable } from '../sharing/sharing';
import { useRecordActions } from './use-record-actions';

const SharingDialog = lazyPart(() => import('../sharing/SharingDialog'), 'SharingDialog');
const Followers = lazyPart(() => import('../followers/Followers'), 'Followers');
const WhoMayDialog = lazyPart(() => import('../sharing/WhoMayDialog'), 'WhoMayDialog');

export interface CardMenuProps {
  type: ObjectType;
  record: RecordItem;
  onDeleted: () => void;
}

/** What is done with the whole card, and what can be made beside it. */
export function CardMenu({ type, record, onDeleted }: CardMenuProps) {
  const { t } = useTranslation(['records', 'sharing']);
  const format = useFormat();
  const navigate = useNavigate();
  const { permissions } = useSession();
  const [open, setOpen] = useState<'sharing' | 'who' | null>(null);
  const actions = useRecordActions(type, record, onDeleted);
  const [tool, setTool] = useState<CardTool | null>(null);
  const creations = newFrom(type, record).map(
    ({ section, kind, belongs, namedBy }): MenuItem => ({
      key: `new/${section.key}`,
      label: t('records:card.new_kind', { kind: format.label(kind).toLowerCase() }),
      icon: <IconPlus size={16} />,
      onSelect: () => void navigate(paths.create(type.name, section.key, { belongs, named_by: namedBy })),
    }),
  );
  const tools = (use(CardTools)[type.name] ?? [])
    .filter(({ feature, isFor }) => permissions.features.includes(feature) && (isFor?.(record) ?? true))
    .map(
      (offered, index): MenuItem => ({
        key: offered.key,
        label: t(`card.tools.${offered.key}`),
        icon: <offered.Icon size={16} />,
        isDangerous: offered.isDangerous,
        startsGroup: index === 0,
        disabledReason: record.erased_at !== undefined && !offered.isForErased ? t('card.tools.is_erased') : null,
        onSelect: () => setTool(offered),
      }),
    );
  // Who may ask for everybody: whoever keeps users or roles, and who shares the card himself.
  const mayAsk = permissions.features.includes('users') || permissions.features.includes('roles') || (type.permissions.share && record.can_edit);
  const ofAccess: MenuItem[] =
    !isShareable(type) || record.deleted_at !== null
      ? []
      : [
          { key: 'sharing', label: t('sharing:menu'), icon: <IconUsersPlus size={16} />, startsGroup: true, onSelect: () => setOpen('sharing') },
          ...(mayAsk ? [{ key: 'who', label: t('sharing:who.menu'), icon: <IconShieldQuestion size={16} />, onSelect: () => setOpen('who') }] : []),
        ];
  const last = actions.at(-1);
  const items = [...creations, ...actions.slice(0, -1).map((action, index) => (index === 0 && creations.length > 0 ? { ...action, startsGroup: true } : action)), ...ofAccess, ...(last === undefined ? [] : [last]), ...tools];
  return (
    <>
      {type.has_followers === true && record.deleted_at === null && <Followers type={type} record={record} />}
      <Menu trigger={<IconButton isFramed label={t('records:card.menu')} icon={<IconDots size={16} />} />} items={items} />
      {tool !== null && <tool.Dialog type={type} record={record} onClose={() => setTool(null)} />}
      {open === 'sharing' && <SharingDialog type={type} record={record} onClose={() => setOpen(null)} />}
      {open === 'who' && <WhoMayDialog type={type} record={record} onClose={() => setOpen(null)} />}
    </>
  );
}
