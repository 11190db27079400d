import { IconDots, IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { ObjectType } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Menu } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { Tabs } from '@/ui/Tabs';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { isChanged, savedViewsQuery, viewSearch, type SavedView } from './saved-views';
import type { ListState } from './use-list-state';
import styles from './ViewTabs.module.css';

const SaveViewDialog = lazyPart(() => import('./SaveViewDialog'), 'SaveViewDialog');

const ALL = 'all';

/** "All", then the saved views of the person, then those that others share. */
export function ViewTabs({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const { user } = useSession();
  const views = useQuery(savedViewsQuery(type.name, user.id)).data ?? [];
  const [dialog, setDialog] = useState<{ view: SavedView | null } | null>(null);
  const remove = useDeleteRecord('saved_view');
  const { undo } = useUndoWithToast();
  const { search, change } = state;
  const shown = views.filter((view) => view.search.section === search.section || view.id === search.view);
  const current = shown.find((view) => view.id === search.view);

  function choose(key: string): void {
    const view = shown.find((candidate) => String(candidate.id) === key);
    change(
      view === undefined
        ? { view: undefined, filter: undefined, sort: undefined, columns: undefined, q: undefined }
        : viewSearch(view),
    );
  }

  function removeView(view: SavedView): void {
    remove.mutate(view.id, {
      onSuccess: ({ operation_id: operation }) => {
        choose(ALL);
        showToast(t('views.deleted', { name: view.name }), {
          action: operation === null ? null : { label: t('undo'), onPress: () => void undo(operation) },
        });
      },
      onError: (error) => showToast(errorText(error), { tone: 'error' }),
    });
  }

  return (
    <div className={styles.line}>
      <Tabs
        label={t('views.title')}
        current={current === undefined ? ALL : String(current.id)}
        onChange={choose}
        tabs={[
          { key: ALL, label: t('views.all') },
          ...shown.map((view) => ({
            key: String(view.id),
            label: <ViewName view={view} isChanged={view === current && isChanged(view, search)} />,
          })),
        ]}
      />
      {current !== undefined && (
        <Menu
          placement="bottom-start"
          trigger={<IconButton size="small" label={t('views.menu', { name: current.name })} icon={<IconDots size={16} />} />}
          items={[
            {
              key: 'change',
              label: isChanged(current, search) ? t('views.save_changes') : t('views.edit'),
              disabledReason: current.canEdit ? null : t('views.not_yours', { name: current.maker ?? '' }),
              onSelect: () => setDialog({ view: current }),
            },
            ...(isChanged(current, search) ? [{ key: 'reset', label: t('views.reset'), onSelect: () => choose(String(current.id)) }] : []),
            {
              key: 'delete',
              label: t('views.delete'),
              isDangerous: true,
              startsGroup: true,
              disabledReason: current.canDelete ? null : t('views.not_yours', { name: current.maker ?? '' }),
              onSelect: () => removeView(current),
            },
          ]}
        />
      )}
      <IconButton size="small" label={t('views.add')} icon={<IconPlus size={16} />} onClick={() => setDialog({ view: null })} />
      {dialog !== null && (
        <SaveViewDialog type={type} search={search} view={dialog.view} onClose={() => setDialog(null)} onSaved={(id) => change({ view: id })} />
      )}
    </div>
  );
}

/** A dot for what was changed since, a sign for what everyone sees. */
function ViewName({ view, isChanged: hasChanges }: { view: SavedView; isChanged: boolean }) {
  const { t } = useTranslation('records');
  const shared = view.maker === null ? t('views.shared') : t('views.shared_by', { name: view.maker });
  return (
    <span className={styles.name} title={view.sharing === 'all' ? `${view.name}: ${shared}` : undefined}>
      {hasChanges ? `${view.name} •` : view.name}
      {view.sharing === 'all' && (
        <>
          <IconUsers size={14} className={styles.shared} aria-hidden="true" />
          <VisuallyHidden>{` (${shared})`}</VisuallyHidden>
        </>
      )}
    </span>
  );
}
