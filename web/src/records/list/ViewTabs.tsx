import { IconDots, IconPinned, IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useDeleteRecord } from '@/api/records';
import { useChangeInstallation, useChangeProfile, useSession } from '@/api/session';
import type { ObjectType, RecordItem } from '@/api/types';
import { IconButton } from '@/ui/IconButton';
import { lazyPart } from '@/ui/lazy-part';
import { Menu, type MenuItem } from '@/ui/Menu';
import { showToast } from '@/ui/toast';
import { Tabs } from '@/ui/Tabs';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { firstView, firstViewsWith, isChanged, savedViewsQuery, viewSearch, viewsOf, type SavedView } from './saved-views';
import type { ListState } from './use-list-state';
import styles from './ViewTabs.module.css';

const SaveViewDialog = lazyPart(() => import('./SaveViewDialog'), 'SaveViewDialog');

const ALL = 'all';
const NO_RECORDS: RecordItem[] = [];

/** "All", then the saved views of the person, then those that others share. */
export function ViewTabs({ type, state }: { type: ObjectType; state: ListState }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const session = useSession();
  const { user } = session;
  const records = useQuery(savedViewsQuery).data ?? NO_RECORDS;
  const views = viewsOf(type.name, records, user.id);
  const choices = useViewChoices(views);
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
        ? { view: firstView(type.name, search.section, records, session) === undefined ? undefined : 0, filter: undefined, sort: undefined, columns: undefined, q: undefined }
        : viewSearch(view),
    );
  }

  function removeView(view: SavedView): void {
    remove.mutate(view.id, {
      onSuccess: ({ operation_id: operation }) => {
        choose(ALL);
        showToast(t('views.deleted', { name: view.name }), {
          action: operation === null ? null : { label: t('undo'), undoes: operation, onPress: () => void undo(operation) },
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
              disabledReason: current.canEdit ? null : t(current.sharing === 'people' ? 'views.only_the_maker' : 'views.not_yours', { name: current.maker ?? '' }),
              onSelect: () => setDialog({ view: current }),
            },
            ...choices(current),
            ...(isChanged(current, search) ? [{ key: 'reset', label: t('views.reset'), onSelect: () => choose(String(current.id)) }] : []),
            {
              key: 'delete',
              label: t('views.delete'),
              isDangerous: true,
              startsGroup: true,
              disabledReason: current.canDelete ? null : t(current.sharing === 'people' ? 'views.only_the_maker' : 'views.not_yours', { name: current.maker ?? '' }),
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

/** Where a view stands for the person, and for administrators which one everyone sees first. */
function useViewChoices(views: readonly SavedView[]): (view: SavedView) => MenuItem[] {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const { user, installation, permissions } = useSession();
  const profile = useChangeProfile();
  const company = useChangeInstallation();
  const onError = (error: unknown): void => showToast(errorText(error), { tone: 'error' });
  return (view) => {
    const isPinned = user.pinned_views.includes(view.id);
    const isFirst = user.default_views.includes(view.id);
    const isFirstForAll = installation.default_views.includes(view.id);
    return [
      {
        key: 'pin',
        label: t('views.pin'),
        isChecked: isPinned,
        startsGroup: true,
        onSelect: () =>
          profile.mutate(
            { pinned_views: isPinned ? user.pinned_views.filter((id) => id !== view.id) : [...user.pinned_views, view.id] },
            { onError },
          ),
      },
      {
        key: 'first',
        label: t('views.first'),
        isChecked: isFirst,
        onSelect: () => profile.mutate({ default_views: firstViewsWith(view, !isFirst, user.default_views, views) }, { onError }),
      },
      ...(permissions.features.includes('company') && (view.sharing === 'all' || isFirstForAll)
        ? [
            {
              key: 'first_for_all',
              label: t('views.first_for_all'),
              isChecked: isFirstForAll,
              onSelect: () => company.mutate({ default_views: firstViewsWith(view, !isFirstForAll, installation.default_views, views) }, { onError, onSuccess: () => showToast(t('views.saved_for_all')) }),
            },
          ]
        : []),
    ];
  };
}

/** A dot for what was changed since, signs for what others see and for what stands in the menu. */
function ViewName({ view, isChanged: hasChanges }: { view: SavedView; isChanged: boolean }) {
  const { t } = useTranslation('records');
  const isPinned = useSession().user.pinned_views.includes(view.id);
  const isShared = view.sharing !== 'private';
  const shared = view.maker !== null ? t('views.shared_by', { name: view.maker }) : t(view.sharing === 'all' ? 'views.shared' : 'views.shared_with_some');
  return (
    <span className={styles.name} title={isShared ? `${view.name}: ${shared}` : undefined}>
      {hasChanges ? `${view.name} •` : view.name}
      {isPinned && <IconPinned size={14} className={styles.shared} aria-hidden="true" />}
      {isShared && (
        <>
          <IconUsers size={14} className={styles.shared} aria-hidden="true" />
          <VisuallyHidden>{` (${shared})`}</VisuallyHidden>
        </>
      )}
    </span>
  );
}
