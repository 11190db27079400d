import { IconFolders, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { MOST_READ } from '@/api/sets';
import { useVocabulary, type Vocabulary, type VocabularyItem } from '@/fields/reference/vocabulary';
import { Button } from '@/ui/Button';
import { EmptyState, ErrorState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Skeleton } from '@/ui/Skeleton';
import { TextInput } from '@/ui/TextInput';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { canMove } from '@/util/tree';
import { GroupDialog } from './GroupDialog';
import { GroupTree } from './GroupTree';
import styles from './Groups.module.css';
import { MoveDialog } from './MoveDialog';
import { useGroupActions } from './use-group-actions';

const SEARCH_FROM = 12;

type OpenDialog = { kind: 'create'; parentId: number | null } | { kind: 'edit' | 'move'; item: VocabularyItem };

/** The tree of groups: everyone looks, supervisors and administrators shape it. */
export function GroupsScreen() {
  const { t } = useTranslation('groups');
  const vocabulary = useVocabulary('group');
  if (vocabulary === null) return <EmptyState title={t('unavailable')} />;
  return <Groups vocabulary={vocabulary} />;
}

function Groups({ vocabulary }: { vocabulary: Vocabulary }) {
  const { t } = useTranslation('groups');
  const format = useFormat();
  const errorText = useErrorText();
  const { type, items, tree, isPending, error } = vocabulary;
  const actions = useGroupActions(type);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [search, setSearch] = useState('');
  const close = (): void => setDialog(null);

  function drop(id: number, target: VocabularyItem | null): void {
    const item = items.find((candidate) => candidate.id === id);
    if (item === undefined || item.parentId === (target?.id ?? null)) return;
    if (canMove(items, id, target?.id ?? null)) actions.move(item, target);
    else showToast(t('refused.cycle'), { tone: 'error' });
  }

  const newButton = type.permissions.create && (
    <Button look="primary" icon={<IconPlus size={16} />} onClick={() => setDialog({ kind: 'create', parentId: null })}>
      {t('new')}
    </Button>
  );
  return (
    <Page width="list" title={t('title')} intro={t('intro')} aside={items.length > 0 && newButton}>
      {isPending && <Skeleton lines={6} label={t('loading')} />}
      {error !== null && items.length === 0 && <ErrorState message={errorText(error)} />}
      {!isPending && error === null && items.length === 0 && (
        <EmptyState icon={<IconFolders size={20} />} title={t('empty.title')} actions={newButton}>
          {t(type.permissions.create ? 'empty.text' : 'empty.text_read_only')}
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
      {items.length > 0 && (
        <GroupTree
          type={type}
          tree={tree}
          search={search}
          onEdit={(item) => setDialog({ kind: 'edit', item })}
          onAddInside={(item) => setDialog({ kind: 'create', parentId: item.id })}
          onMove={(item) => setDialog({ kind: 'move', item })}
          onRemove={actions.remove}
          onDrop={drop}
        />
      )}
      {items.length >= MOST_READ && <p className={styles.hint}>{t('capped', { number: format.number(MOST_READ) })}</p>}
      {dialog?.kind === 'create' && <GroupDialog vocabulary={vocabulary} item={null} parentId={dialog.parentId} onClose={close} />}
      {dialog?.kind === 'edit' && <GroupDialog vocabulary={vocabulary} item={dialog.item} parentId={null} onClose={close} />}
      {dialog?.kind === 'move' && (
        <MoveDialog vocabulary={vocabulary} item={dialog.item} onMove={(target) => actions.move(dialog.item, target)} onClose={close} />
      )}
    </Page>
  );
}
