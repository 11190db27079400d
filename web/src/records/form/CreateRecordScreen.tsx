import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { EmptyState } from '@/ui/EmptyState';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { paths } from '../paths';
import { CreateForm } from './CreateForm';
import styles from './CreateForm.module.css';

/** A new record; the sections of its type (client, company) are the tabs above. */
export function CreateRecordScreen() {
  const { t } = useTranslation('records');
  const format = useFormat();
  const navigate = useNavigate();
  const { type: name } = useParams({ from: '/frame/records/$type/new' });
  const { section: wanted } = useSearch({ from: '/frame/records/$type/new' });
  const type = useObjectType(name);
  if (type === undefined || !type.permissions.create) return <EmptyState title={t('form.forbidden')} />;
  const section = type.sections.find((candidate) => candidate.key === wanted) ?? type.sections[0];
  return (
    <div className={styles.screen}>
      <div className={styles.sheet}>
        <h1 className={styles.title}>{t('form.title', { name: format.label(type.labels) })}</h1>
        {type.sections.length > 1 && section !== undefined && (
          <Tabs
            className={styles.tabs}
            label={t('form.kind')}
            current={section.key}
            onChange={(key) => void navigate({ ...paths.create(type.name, key), replace: true })}
            tabs={type.sections.map((candidate) => ({ key: candidate.key, label: format.label(candidate.labels) }))}
          />
        )}
        <CreateForm key={section?.key} type={type} section={section} />
      </div>
    </div>
  );
}
