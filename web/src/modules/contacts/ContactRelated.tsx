import { useTranslation } from 'react-i18next';
import type { RelatedProps } from '@/records/card/related-blocks';
import { asReference } from '@/fields/values';
import styles from './ContactRelated.module.css';
import { EmployeePanel } from './EmployeePanel';
import { Holding } from './Holding';
import { People } from './People';

/** What belongs to a contact: the account of an employee, its people, the company it works for, the holding it is part of. */
export function ContactRelated({ type, record }: RelatedProps) {
  const { t } = useTranslation('contacts');
  const isCompany = record.values.kind === 'company';
  const parent = asReference(record.values.parent);
  const user = asReference(record.values.employee_user);
  if (!isCompany && parent === null && user === null) return <p className={styles.none}>{t('no_company')}</p>;
  return (
    <div className={styles.blocks}>
      {user !== null && <EmployeePanel userId={user.id} />}
      {isCompany && <People type={type} companyId={record.id} title={t('people')} canAdd />}
      {!isCompany && parent !== null && <People type={type} companyId={parent.id} title={t('colleagues')} exceptId={record.id} />}
      <Holding type={type} record={record} />
    </div>
  );
}
