import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { useBulkChange, type BulkInput } from '@/api/records';
import { useCatalog } from '@/api/catalog';
import type { Labels, ObjectType, RecordCount } from '@/api/types';
import { lazyPart } from '@/ui/lazy-part';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useMayFindPlaces } from '../map/may-find-places';
import { MOST_MERGED } from '../merge/most-merged';
import { paths } from '../paths';
import { referringTo, type Referring } from '../referring/referring';
import { isShareable } from '../sharing/sharing';
import type { ListState } from './use-list-state';
import type { Selection } from './use-selection';

const ExportDialog = lazyPart(() => import('../export/ExportDialog'), 'ExportDialog');
const FindPlacesDialog = lazyPart(() => import('../map/FindPlacesDialog'), 'FindPlacesDialog');
const BulkSharingDialog = lazyPart(() => import('../sharing/BulkSharingDialog'), 'BulkSharingDialog');
const BulkDeleteDialog = lazyPart(() => import('./BulkDeleteDialog'), 'BulkDeleteDialog');
const ForEachDialog = lazyPart(() => import('./ForEachDialog'), 'ForEachDialog');
const BulkEditDialog = lazyPart(() => import('./BulkEditDialog'), 'BulkEditDialog');

export interface BulkTarget {
  type: ObjectType;
  state: ListState;
  selection: Selection;
  count: RecordCount | undefined;
}

export interface BulkActions {
  /** How many are ticked. */
  number: number;
  numberText: string;
  /** Text of the number of all that match, if all of them can be ticked. */
  allText: string | null;
  /** Why the ticked cannot be merged; null if they can. */
  mergeReason: string | null;
  merge: () => void;
  /** Why one may not change many at once; `null` when one may. */
  changeReason: string | null;
  askChange: () => void;
  /** The same for deleting. */
  deleteReason: string | null;
  askDelete: () => void;
  /** Of a type whose records are shared. */
  askShare: (() => void) | null;
  /** Why one may not share; `null` when one may. */
  shareReason: string | null;
  /** Of a type that can be exported. */
  askExport: (() => void) | null;
  /** Why one may not export; `null` when one may. */
  exportReason: string | null;
  /** Null where no address service is named, or there are no addresses. */
  askPlaces: (() => void) | null;
  /** What can be made for each of them: a task for every client. */
  forEach: readonly { key: string; labels: Labels; ask: () => void }[];
  /** The dialog that stands open; it belongs on the page of whoever asked. */
  dialog: ReactNode;
}

/** What can be done with the ticked rows, from their bar and from the menu of any of them. */
export function useBulkActions({ type, state, selection, count }: BulkTarget): BulkActions {
  const { t } = useTranslation(['records', 'sharing']);
  const format = useFormat();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'delete' | 'change' | 'share' | 'export' | 'places' | null>(null);
  const bulk = useBulkChange(type.name);
  const mayFindPlaces = useMayFindPlaces(type);
  const { object_types: types } = useCatalog();
  const [each, setEach] = useState<Referring | null>(null);
  const { query } = state;
  const { ids, isAllMatching } = selection;
  const number = isAllMatching ? (count?.count ?? 0) : ids.size;
  const numberText = format.number(number) + (isAllMatching && count?.is_capped === true ? '+' : '');
  // A mass change takes a filter or ids, but no search text: with a search only what is loaded can be ticked.
  const canSelectAll = !isAllMatching && query.search === undefined && count !== undefined && (count.is_capped || count.count > ids.size);
  const target: Pick<BulkInput, 'ids' | 'filter'> = isAllMatching ? { filter: query.filter ?? 'all' } : { ids: [...ids] };

  function run(change: Pick<BulkInput, 'action' | 'values' | 'add' | 'remove'>): void {
    bulk.mutate(
      { ...change, ...target },
      {
        onSuccess: () => {
          setAsked(null);
          selection.clear();
          showToast(t(change.action === 'delete' ? 'records:bulk.delete_started' : 'records:bulk.change_started', { number: numberText }));
        },
        onError: (error) => {
          setAsked(null);
          showToast(errorText(error), { tone: 'error' });
        },
      },
    );
  }

  return {
    number,
    numberText,
    allText: canSelectAll ? format.number(count.count) + (count.is_capped ? '+' : '') : null,
    changeReason: type.permissions.bulk ? null : t('records:bulk.forbidden'),
    deleteReason: !type.permissions.bulk ? t('records:bulk.forbidden') : type.permissions.delete ? null : t('records:bulk.delete_forbidden'),
    mergeReason: !type.permissions.merge ? t('records:bulk.merge_forbidden') : isAllMatching || number > MOST_MERGED ? t('records:bulk.merge_limit', { max: MOST_MERGED }) : null,
    merge: () => void navigate(paths.merge(type.name, [...ids])),
    askChange: () => setAsked('change'),
    askDelete: () => {
      if (number > 0 && type.permissions.bulk && type.permissions.delete) setAsked('delete');
    },
    askShare: isShareable(type) ? () => setAsked('share') : null,
    shareReason: type.permissions.share && type.permissions.bulk ? null : t('sharing:bulk.forbidden'),
    askExport: type.is_importable ? () => setAsked('export') : null,
    exportReason: type.permissions.export ? null : t('records:export.forbidden'),
    askPlaces: mayFindPlaces ? () => setAsked('places') : null,
    forEach: referringTo(types, type)
      .filter((one) => one.type.permissions.create && one.type.done_by != null && one.field.access === 'write')
      .map((one) => ({ key: one.type.name, labels: one.type.labels, ask: () => setEach(one) })),
    dialog:
      number > 0 && each !== null ? (
        <ForEachDialog referring={each} number={numberText} target={target} onStarted={selection.clear} onClose={() => setEach(null)} />
      ) : number === 0 || asked === null ? null : asked === 'export' ? (
        <ExportDialog
          type={type}
          query={isAllMatching ? query : { sort: query.sort, filter: `id in (${[...ids].join(', ')})` }}
          columns={state.columns}
          isTicked={!isAllMatching}
          onClose={() => setAsked(null)}
        />
      ) : asked === 'places' ? (
        <FindPlacesDialog type={type.name} number={numberText} target={target} onStarted={selection.clear} onClose={() => setAsked(null)} />
      ) : asked === 'share' ? (
        <BulkSharingDialog number={numberText} isBusy={bulk.isPending} onApply={(sets) => run({ action: 'update', ...sets })} onClose={() => setAsked(null)} />
      ) : asked === 'delete' ? (
        <BulkDeleteDialog
          type={type.name}
          number={number}
          numberText={numberText}
          target={target}
          isBusy={bulk.isPending}
          onConfirm={() => run({ action: 'delete' })}
          onClose={() => setAsked(null)}
        />
      ) : (
        <BulkEditDialog
          type={type}
          number={numberText}
          isBusy={bulk.isPending}
          onClose={() => setAsked(null)}
          onApply={(change) => run({ action: 'update', ...change })}
        />
      ),
  };
}
