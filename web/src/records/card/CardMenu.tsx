import { IconDots, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { use, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { useFormat } from '@/ui/use-format';
import { newFrom } from '../form/new-from';
import { paths } from '../paths';
import { CardTools, type CardTool } from './card-tools';
import { useRecordActions } from './use-record-actions';

export interface CardMenuProps {
  type: ObjectType;
  record: RecordItem;
  onDeleted: () => void;
}

/** What is done with the whole card, and what can be made beside it. */
export function CardMenu({ type, record, onDeleted }: CardMenuProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const navigate = useNavigate();
  const { permissions } = useSession();
  const actions = useRecordActions(type, record, onDeleted);
  const [tool, setTool] = useState<CardTool | null>(null);
  const creations = newFrom(type, record).map(
    ({ section, kind, belongs, namedBy }): MenuItem => ({
      key: `new/${section.key}`,
      label: t('card.new_kind', { kind: format.label(kind).toLowerCase() }),
      icon: <IconPlus size={16} />,
      onSelect: () => void navigate(paths.create(type.name, section.key, { belongs, named_by: namedBy })),
    }),
  );
  const tools = (use(CardTools)[type.name] ?? [])
    .filter(({ feature }) => permissions.features.includes(feature))
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
  const items = [...creations, ...actions.map((action, index) => (index === 0 && creations.length > 0 ? { ...action, startsGroup: true } : action)), ...tools];
  return (
    <>
      <Menu trigger={<IconButton isFramed label={t('card.menu')} icon={<IconDots size={16} />} />} items={items} />
      {tool !== null && <tool.Dialog type={type} record={record} onClose={() => setTool(null)} />}
    </>
  );
}
