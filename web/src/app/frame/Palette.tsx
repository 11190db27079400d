import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { searchQuery } from '@/api/records';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { classNames } from '@/util/class-names';
import { isAnswerTo } from '@/ui/is-answer';
import { useDebounced } from '@/ui/use-debounced';
import { Highlight } from './Highlight';
import styles from './Palette.module.css';
import type { TypedAhead } from './typed-ahead';
import { useFoundRecords, usePaletteActions, type PaletteEntry } from './palette-entries';

export interface PaletteProps {
  /** What was typed before it was there. */
  ahead: TypedAhead;
  onClose: () => void;
  onOpenKeys: () => void;
}

/** Records first; but an action that is called so comes before records in which the text stands only within a word. */
function grouped(text: string, records: readonly PaletteEntry[], actions: readonly PaletteEntry[]): (readonly PaletteEntry[])[] {
  const isCalledSo = (entry: PaletteEntry): boolean => entry.title.toLowerCase().startsWith(text);
  const hasWord = (entry: PaletteEntry): boolean => entry.title.toLowerCase().split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(text));
  if (text === '' || records.some(hasWord)) return [records, actions];
  return [actions.filter(isCalledSo), records, actions.filter((action) => !isCalledSo(action))];
}

/** One list of records, actions and settings; arrows choose, Enter goes. */
export function Palette({ ahead, onClose, onOpenKeys }: PaletteProps) {
  const { t } = useTranslation('app');
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(() => ahead.read().text);
  const [chosen, setChosen] = useState(0);
  // Enter was pressed before the answer came; it is carried out then.
  const isHurried = useRef(ahead.read().isHurried);
  const id = useId();
  const search = useDebounced(text.trim(), 120);
  const found = useQuery({ ...searchQuery(search), placeholderData: keepPreviousData });
  const actions = usePaletteActions(text, onOpenKeys);
  const records = useFoundRecords(search === '' ? undefined : found.data);
  const groups = grouped(text.trim().toLowerCase(), records, actions);
  const entries = groups.flat();
  const starts = groups.map((_, at) => groups.slice(0, at).flat().length);
  const active = Math.min(chosen, entries.length - 1);
  const isCurrent = text.trim() === '' || isAnswerTo(text, search, found);

  useLayoutEffect(() => {
    const element = dialog.current;
    // Letters may have come since it began to be drawn.
    const { text: typed, isHurried: hasEnter } = ahead.read();
    setText(typed);
    isHurried.current = hasEnter;
    ahead.stop();
    element?.showModal();
    return () => element?.close();
  }, [ahead]);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  useEffect(() => {
    if (!isHurried.current || !isCurrent) return;
    isHurried.current = false;
    go(entries[0]);
  });

  function go(entry: PaletteEntry | undefined): void {
    if (entry === undefined) return;
    onClose();
    entry.run();
  }

  function handleKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') setChosen((active + 1) % Math.max(1, entries.length));
    else if (event.key === 'ArrowUp') setChosen((active - 1 + entries.length) % Math.max(1, entries.length));
    else if (event.key === 'Enter' && isCurrent) go(entries[active]);
    // What the arrows chose stands in a list that is about to change, so only the first entry is waited for.
    else if (event.key === 'Enter') isHurried.current = chosen === 0;
    else return;
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={t('search')}
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className={styles.field}>
        <IconSearch size={20} aria-hidden="true" />
        <input
          autoFocus
          className={styles.input}
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${active}` : undefined}
          aria-label={t('search_hint')}
          placeholder={t('search_hint')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
            isHurried.current = false;
          }}
          onKeyDown={handleKey}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t('search_results')} className={styles.list}>
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={classNames(styles.entry, index === active && styles.active, index > 0 && starts.includes(index) && styles.first)}
            onMouseMove={() => setChosen(index)}
            onClick={() => go(entry)}
          >
            {entry.icon}
            <span className={styles.text}>
              <span className={styles.title}>{entry.title}</span>
              {(entry.line !== '' || entry.match !== null) && (
                <span className={styles.line}>
                  {entry.match !== null && entry.place !== null && (
                    <span className={styles.place} title={entry.place.name}>
                      <CatalogIcon name={entry.place.icon} size={12} />
                      <VisuallyHidden>{entry.place.name}: </VisuallyHidden>
                    </span>
                  )}
                  {entry.match !== null && <Highlight text={entry.match.text} start={entry.match.start} end={entry.match.end} />}
                  {entry.match !== null && entry.line !== '' && ' · '}
                  {entry.line}
                </span>
              )}
            </span>
            {entry.note !== '' && <span className={styles.note}>{entry.note}</span>}
          </div>
        ))}
        {entries.length === 0 && <p className={styles.none}>{found.isFetching ? t('searching') : t('nothing_found', { text })}</p>}
        {found.data?.has_more === true && search !== '' && <p className={styles.none}>{t('more_found')}</p>}
      </div>
      <footer className={styles.foot} aria-hidden="true">
        <kbd>↑↓</kbd> {t('keys.move')} <kbd>Enter</kbd> {t('keys.open')} <kbd>Esc</kbd> {t('keys.close')}
      </footer>
    </dialog>
  );
}
