import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { recordQuery } from '@/api/records';
import { useMay } from '@/api/session';
import { fieldKind } from '@/fields/registry';
import { Block } from '@/records/card/Block';
import { paths } from '@/records/paths';
import { Badge } from '@/ui/Badge';
import styles from './ContactRelated.module.css';

/** The account behind the card of an employee, as colleagues may see it: what he may do, and whether he still can sign in. */
export function EmployeePanel({ userId }: { userId: number }) {
  const { t } = useTranslation('contacts');
  const mayKeepUsers = useMay('users');
  const user = useQuery({ ...recordQuery('user', userId), retry: false });
  const role = useObjectType('user')?.fields.find((field) => field.name === 'roles');
  if (user.data === undefined || role === undefined) return null;
  const { Display } = fieldKind(role.kind);
  const isActive = user.data.values.is_active === true;
  return (
    <Block title={t('employee')}>
      <dl className={styles.facts}>
        <dt>{t('access_level')}</dt>
        <dd>
          <Display field={role} value={user.data.values.roles} isCompact />
        </dd>
        <dt>{t('account')}</dt>
        <dd>
          <Badge color={isActive ? 'green' : 'grey'}>{isActive ? t('account_active') : t('account_inactive')}</Badge>
        </dd>
      </dl>
      {mayKeepUsers && (
        <Link {...paths.users()} className={styles.add}>
          {t('to_users')}
        </Link>
      )}
    </Block>
  );
}
