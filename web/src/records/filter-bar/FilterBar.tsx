import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { TextInput } from '@/ui/TextInput';
import { IconButton } from '@/ui/IconButton';
import { useDebounced } from '@/ui/use-debounced';
import { useShortcuts } from '@/ui/use-shortcuts';
import type { ListState } from '../list/use-list-state';
import { lazyPart } from '@/ui/lazy-part';
import { ColumnsButton } from './ColumnsButton';
import { ConditionChips } from './ConditionChips';
import styles from './FilterBar.module.css';
import { shapesOf } from '../record-shape';
import { ListMenu } from './ListMenu';
import { LookSwitch } from './LookSwitch';
import { SortButton } from './SortButton';

const BoardButton = lazyPart(() => import('../board/BoardButton'), 'BoardButton');

export interface FilterBarProps {
  type: ObjectType;
  state: ListState;
  searchField: RefObject<HTMLInputElement | null>;
}

/** One line: search in the list, the conditions as chips, the order, the columns. */
export function FilterBar({ type, state, searchField }: FilterBarProps) {
  const { t } = useTranslation('records');
  const { search, change } = state;

  return (
    <div className={styles.bar} role="search" aria-label={t('filter.bar')}>
      {/* There is no search in the past. */}
      {search.asOf === undefined && (
        <ListSearchField text={search.q ?? ''} fieldRef={searchField} onChange={(q) => change({ q: q === '' ? undefined : q }, { replace: true })} />
      )}
      <ConditionChips type={type} filter={search.filter ?? ''} onChange={(filter) => change({ filter: filter || undefined })} />
      {search.filter !== undefined && (
        <IconButton size="small" label={t('empty.clear_filter')} icon={<IconX size={16} />} onClick={() => change({ filter: undefined })} />
      )}
      <span className={styles.right}>
        {search.asOf === undefined && (
          <LookSwitch
            look={search.look}
            shapes={shapesOf(type)}
            onChange={(look) => change({ look: look === 'list' ? undefined : look, at: undefined, place: undefined })}
          />
        )}
        {search.look === 'board' && <BoardButton type={type} state={state} />}
        {search.look !== 'map' && search.look !== 'tree' && search.look !== 'pivot' && search.look !== 'axis' && <SortButton type={type} state={state} />}
        {(search.look === undefined || search.look === 'sheet' || search.look === 'board') && <ColumnsButton type={type} state={state} />}
        <ListMenu type={type} state={state} />
      </span>
    </div>
  );
}

interface ListSearchFieldProps {
  text: string;
  fieldRef: RefObject<HTMLInputElement | null>;
  onChange: (text: string) => void;
}

/** The text is asked for when the typing rests; the address may also change it from outside. */
function ListSearchField({ text, fieldRef, onChange }: ListSearchFieldProps) {
  const { t } = useTranslation('records');
  const [typed, setTyped] = useState<string | null>(null);
  const rested = useDebounced(typed, 200);

  useEffect(() => {
    if (typed === null || rested !== typed) return;
    // Letters typed while the address was catching up are newer than it: only what it holds already is given up.
    if (typed === text) setTyped(null);
    else onChange(typed);
  }, [rested, typed, text, onChange]);

  useShortcuts({ '/': () => fieldRef.current?.focus() });

  return (
    <span className={styles.search}>
      <TextInput
        ref={fieldRef}
        type="search"
        icon={<IconSearch size={16} />}
        className={styles.searchInput}
        aria-label={t('search_list')}
        placeholder={t('search_list')}
        value={typed ?? text}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if ((typed ?? text) === '') event.currentTarget.blur();
            setTyped('');
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            document.querySelector<HTMLElement>('[role=grid]')?.focus();
          }
        }}
      />
    </span>
  );
}
