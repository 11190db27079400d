import { IconPlus, IconSearch, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useObjectType } from '@/api/catalog';
import { useVocabulary, type Vocabulary, type VocabularyItem } from '@/fields/reference/vocabulary';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { HeadCell, Table } from '@/ui/Table';
import { TextInput } from '@/ui/TextInput';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { TagDialog } from './TagDialog';
import { TagRow } from './TagRow';
import styles from './Tags.module.css';

const SEARCH_FROM = 12;

/** All tags, for those who keep them in order: supervisors and administrators. */
export function TagsScreen() {
  const { t } = useTranslation('tags');
  const mayKeep = useObjectType('tag')?.permissions.change === true;
  const vocabulary = useVocabulary('tag');
  if (!mayKeep || vocabulary === null) return <EmptyState title={t('keepers_only')}>{t('keepers_only_text')}</EmptyState>;
  return <Tags vocabulary={vocabulary} />;
}

function Tags({ vocabulary }: { vocabulary: Vocabulary }) {
  const { t } = useTranslation('tags');
  const errorText = useErrorText();
  const { object_types: types } = useCatalog();
  const { type, items, tree, isPending, error } = vocabulary;
  const [dialog, setDialog] = useState<{ item: VocabularyItem | null } | null>(null);
  const [search, setSearch] = useState('');
  const words = search.trim().toLowerCase();
  const shown = tree.map((node) => node.item).filter((item) => item.title.toLowerCase().includes(words));
  // Whose records carry tags, and in which field.
  const bearer = types.find((candidate) => !candidate.is_system && candidate.fields.some((field) => field.settings.target === type.name));
  const field = bearer?.fields.find((candidate) => candidate.settings.target === type.name);
  const newButton = type.permissions.create && (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ item: null })}>
      {t('new')}
    </Button>
  );
  return (
    <Page isInner width="list" title={t('title')} intro={t('intro')} aside={items.length > 0 && newButton}>
      {isPending && <Skeleton lines={4} label={t('loading')} />}
      {error !== null && items.length === 0 && <ErrorState message={errorText(error)} />}
      {!isPending && error === null && items.length === 0 && (
        <EmptyState icon={<IconTag size={20} />} title={t('empty.title')} actions={newButton}>
          {t('empty.text')}
        </EmptyState>
      )}
      {items.length >= SEARCH_FROM && (
        <div className={styles.search}>
          <TextInput
            type="search"
            icon={<IconSearch size={16} />}
            aria-label={t('search')}
            placeholder={t('search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      )}
      {shown.length > 0 && (
        <Table label={t('title')} className={styles.list}>
          <thead>
            <tr>
              <HeadCell>{t('tag')}</HeadCell>
              <HeadCell className={styles.wide}>{t('description')}</HeadCell>
              <HeadCell className={styles.wide}>{t('groups')}</HeadCell>
              <HeadCell className={styles.number}>{t('contacts')}</HeadCell>
              <HeadCell>
                <VisuallyHidden>{t('actions')}</VisuallyHidden>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {shown.map((item) => (
              <TagRow
                key={item.id}
                type={type}
                item={item}
                bearers={bearer === undefined || field === undefined ? null : { type: bearer.name, filter: `${field.name} has (${item.id})` }}
                onEdit={() => setDialog({ item })}
              />
            ))}
          </tbody>
        </Table>
      )}
      {items.length > 0 && shown.length === 0 && <p className={styles.none}>{t('nothing_found')}</p>}
      {dialog !== null && <TagDialog type={type} item={dialog.item} onClose={() => setDialog(null)} />}
    </Page>
  );
}
