import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useChangeRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { ObjectType, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { asText } from '@/fields/values';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { Cell } from '@/ui/Table';
import { showToast } from '@/ui/toast';
import styles from './UsersScreen.module.css';

export interface UserRowProps {
  type: ObjectType;
  user: RecordItem;
  onChange: () => void;
  onResetPassword: () => void;
}

/** One user; nobody is deleted, for history keeps the names. */
export function UserRow({ type, user, onChange, onResetPassword }: UserRowProps) {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  const session = useSession();
  const change = useChangeRecord('user');
  // A checkbox that is not ticked is not sent.
  const isActive = user.values.is_active === true;
  const isMe = session.user.id === user.id;

  function setActive(active: boolean): void {
    change.mutate(
      { id: user.id, version: user.version, values: { is_active: active } },
      {
        onSuccess: () => showToast(active ? t('activated', { name: user.title }) : t('deactivated', { name: user.title })),
        onError: (error) => showToast(errorText(error), { tone: 'error' }),
      },
    );
  }

  return (
    <tr data-inactive={!isActive || undefined} className={styles.user}>
      <Cell>
        <button type="button" className={styles.name} title={t('change_named', { name: user.title })} onClick={onChange}>
          <Avatar id={user.id} title={user.title} />
          <span>{user.title}</span>
          {isMe && <span className={styles.muted}>{t('you')}</span>}
          {!isActive && <Badge>{t('inactive')}</Badge>}
        </button>
      </Cell>
      <Cell className={styles.wide}>{asText(user.values.login)}</Cell>
      <Cell>
        <FieldText type={type} user={user} name="role" />
      </Cell>
      <Cell className={styles.wide}>
        <FieldText type={type} user={user} name="language" />
      </Cell>
      <Cell className={styles.menu}>
        <Menu
          trigger={<IconButton size="small" label={t('menu', { name: user.title })} icon={<IconDots size={16} />} />}
          items={[
            { key: 'change', label: t('change'), onSelect: onChange },
            {
              key: 'password',
              label: t('reset_password'),
              disabledReason: isMe ? t('own_password') : null,
              onSelect: onResetPassword,
            },
            {
              key: 'active',
              label: isActive ? t('deactivate') : t('activate'),
              startsGroup: true,
              isDangerous: isActive,
              disabledReason: isMe ? t('not_yourself') : null,
              onSelect: () => setActive(!isActive),
            },
          ]}
        />
      </Cell>
    </tr>
  );
}

function FieldText({ type, user, name }: { type: ObjectType; user: RecordItem; name: string }) {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return null;
  const { Display } = fieldKind(field.kind);
  return <Display field={field} value={user.values[name]} isCompact />;
}
