import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import type { VocabularyItem } from '@/fields/reference/vocabulary';
import { asReferences, asText } from '@/fields/values';
import { MemberCount } from '@/records/membership/MemberCount';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { paths } from '@/records/paths';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Cell } from '@/ui/Table';
import styles from './Tags.module.css';

export interface TagRowProps {
  type: ObjectType;
  item: VocabularyItem;
  /** Who has the tag: the type, and the filter of a list. */
  bearers: { type: string; filter: string } | null;
  onEdit: () => void;
}

/** One tag; deleting it asks nothing, for the toast brings it back to everyone who had it. */
export function TagRow({ type, item, bearers, onEdit }: TagRowProps) {
  const { t } = useTranslation('tags');
  const remove = useRemoveWithToast(type.name);
  const { record } = item;
  const groups = asReferences(record.values.groups)
    .map((group) => group.title)
    .join(', ');

  return (
    <tr>
      <Cell>
        <button type="button" className={styles.tag} title={t('edit_named', { name: item.title })} onClick={onEdit}>
          <Badge color={item.color}>{item.title}</Badge>
        </button>
      </Cell>
      <Cell className={styles.wide}>{asText(record.values.description)}</Cell>
      <Cell className={styles.wide}>{groups}</Cell>
      <Cell isNumber>
        {bearers !== null && (
          <Link {...paths.list(bearers.type, { filter: bearers.filter })} className={styles.count} aria-label={t('show_named', { name: item.title })}>
            <MemberCount typeName={bearers.type} filter={bearers.filter} hint={t('show_named', { name: item.title })} />
          </Link>
        )}
      </Cell>
      <Cell className={styles.menu}>
        <Menu
          trigger={<IconButton size="small" label={t('menu', { name: item.title })} icon={<IconDots size={16} />} />}
          items={[
            { key: 'edit', label: t('edit'), disabledReason: record.can_edit ? null : t('read_only'), onSelect: onEdit },
            {
              key: 'delete',
              label: t('delete'),
              isDangerous: true,
              startsGroup: true,
              disabledReason: record.can_delete ? null : t('read_only'),
              onSelect: () => void remove(item.id, t('deleted', { name: item.title })),
            },
          ]}
        />
      </Cell>
    </tr>
  );
}
