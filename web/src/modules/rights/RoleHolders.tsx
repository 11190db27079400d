import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { recordCountQuery, recordPickQuery } from '@/api/records';
import { UserAvatar } from '@/fields/UserAvatar';
import { useFormat } from '@/ui/use-format';
import styles from './Roles.module.css';

/** Faces that are shown; the others are a number. */
const FACES = 4;

/** The active users who have a role. */
export function holdersFilter(roleId: number): string {
  return `roles has (${roleId}) and is_active = true`;
}

/** Who has a role: some faces and how many in all. */
export function RoleHolders({ roleId }: { roleId: number }) {
  const { t } = useTranslation('rights');
  const format = useFormat();
  const filter = holdersFilter(roleId);
  const { data: count } = useQuery(recordCountQuery('user', { filter }));
  const { data: page } = useQuery(recordPickQuery('user', '', filter, { limit: FACES }));
  if (count === undefined) return null;
  if (count.count === 0) return <span className={styles.nobody}>{t('roles.nobody')}</span>;
  const people = page?.items ?? [];
  const names = people.map((user) => user.title);
  return (
    <span className={styles.holders} title={format.list(names)}>
      <span className={styles.faces} aria-hidden="true">
        {people.map((user) => (
          <UserAvatar key={user.id} id={user.id} title={user.title} />
        ))}
      </span>
      {t('roles.people', { count: count.count })}
    </span>
  );
}
