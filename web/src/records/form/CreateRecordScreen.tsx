import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { recordQuery } from '@/api/records';
import { EmptyState } from '@/ui/EmptyState';
import { Skeleton } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { useTitle } from '@/ui/use-title';
import { paths } from '../paths';
import { FromTemplate } from '../templates/FromTemplate';
import { readBelongs } from './belongs';
import { CreateForm } from './CreateForm';
import { sectionValues } from './draft';
import styles from './CreateForm.module.css';
import { mayBeNamed } from './new-from';

/** A new record; the sections of its type (client, company) are the tabs above. */
export function CreateRecordScreen() {
  const { t } = useTranslation('records');
  const format = useFormat();
  const navigate = useNavigate();
  const { type: name } = useParams({ from: '/frame/records/$type/new' });
  const { section: wanted, belongs, named_by: namedBy } = useSearch({ from: '/frame/records/$type/new' });
  const type = useObjectType(name);
  const link = readBelongs(type, belongs);
  const owner = useQuery({ ...recordQuery(link?.target ?? '', link?.id ?? 0), enabled: link !== null, retry: false });
  const ownerType = useObjectType(link?.target ?? '');
  const holderLink = readBelongs(type, namedBy);
  const holder = useQuery({ ...recordQuery(holderLink?.target ?? '', holderLink?.id ?? 0), enabled: holderLink !== null, retry: false });
  const holderField = type?.fields.find((field) => field.name === holderLink?.field);
  useTitle(type === undefined ? undefined : t('form.title', { name: format.label(type.labels) }));
  if (type === undefined || !type.permissions.create) return <EmptyState title={t('form.forbidden')} />;
  const section = type.sections.find((candidate) => candidate.key === wanted) ?? type.sections[0];
  return (
    <div className={styles.screen}>
      <div className={styles.sheet}>
        <div className={styles.top}>
          <h1 className={styles.title}>{t('form.title', { name: format.label(type.labels) })}</h1>
          <FromTemplate type={type} of={ownerType} record={owner.data} onDone={() => void navigate(ownerType === undefined || owner.data === undefined ? paths.list(type.name) : paths.card(ownerType.name, owner.data.id))} />
        </div>
        {type.sections.length > 1 && section !== undefined && Object.keys(sectionValues(section)).length > 0 && (
          <Tabs
            className={styles.tabs}
            label={t('form.kind')}
            current={section.key}
            onChange={(key) => void navigate({ ...paths.create(type.name, key, { belongs, named_by: namedBy }), replace: true })}
            tabs={type.sections.map((candidate) => ({ key: candidate.key, label: format.label(candidate.labels) }))}
          />
        )}
        {(link !== null && owner.isPending) || (holderLink !== null && holder.isPending) ? (
          <Skeleton lines={6} label={t('loading')} />
        ) : (
          <CreateForm
            key={`${section?.key ?? ''}/${belongs ?? ''}`}
            type={type}
            section={section}
            belongs={link !== null && owner.data !== undefined ? { field: link.field, record: { id: link.id, title: owner.data.title, type: link.target } } : undefined}
            namedBy={
              holder.data?.can_edit === true && holderField !== undefined && mayBeNamed(holderField, section) ? { field: holderField, record: holder.data } : undefined
            }
          />
        )}
      </div>
    </div>
  );
}
