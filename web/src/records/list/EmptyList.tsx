import { IconFileImport, IconFilterOff, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { EmptyState } from '@/ui/EmptyState';
import { useFormat } from '@/ui/use-format';
import { paths } from '../paths';
import styles from './EmptyList.module.css';
import type { ListState } from './use-list-state';

/** Nothing here: either nothing fits the conditions, or nothing has been entered yet. */
export function EmptyList({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const session = useSession();
  const { search, change } = state;
  // Whom one can reach has people behind it; the rest are things.
  const isOfPeople = type.fields.some((field) => field.kind === 'channels');
  if (search.filter !== undefined || search.q !== undefined) {
    return (
      <EmptyState
        icon={<IconFilterOff size={20} />}
        title={t('empty.no_match')}
        actions={
          <>
            {search.q !== undefined && <Button onClick={() => change({ q: undefined })}>{t('empty.clear_search')}</Button>}
            {search.filter !== undefined && <Button onClick={() => change({ filter: undefined })}>{t('empty.clear_filter')}</Button>}
          </>
        }
      >
        {search.q === undefined ? t('empty.no_match_filter') : t('empty.no_match_search', { text: search.q })}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<CatalogIcon name={type.icon} size={20} />}
      title={t('empty.title', { name: format.label(state.section?.labels ?? type.labels_plural) })}
      actions={
        <>
          {type.permissions.create && (
            <Link className={styles.primary} {...paths.create(type.name, search.section)}>
              <IconPlus size={16} aria-hidden="true" />
              {t('empty.create')}
            </Link>
          )}
          {type.is_importable && type.permissions.create && session.permissions.features.includes('import') && (
            <Link className={styles.plain} {...paths.imports()}>
              <IconFileImport size={16} aria-hidden="true" />
              {t('empty.import')}
            </Link>
          )}
        </>
      }
    >
      {t(!isOfPeople ? (type.permissions.create ? 'empty.text_things' : 'empty.text_nothing') : session.permissions.export ? 'empty.text' : 'empty.text_own')}
    </EmptyState>
  );
}
