import { FloatingPortal } from '@floating-ui/react';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, useRef, useState, type KeyboardEvent, type KeyboardEventHandler } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordPickQuery, useCreateRecord } from '@/api/records';
import type { ObjectType, RecordReference } from '@/api/types';
import { classNames } from '@/util/class-names';
import { TextInput } from '@/ui/TextInput';
import { isAnswerTo } from '@/ui/is-answer';
import styles from '@/ui/OptionList.module.css';
import { useDebounced } from '@/ui/use-debounced';
import { showToast } from '@/ui/toast';
import { useOptionList } from '@/ui/use-option-list';
import { bothFilters, printFilter, type FilterCondition } from '@/util/filter-text';
import { isMadeByTitle, isNewTitle } from './create-by-title';
import { RecordOption } from './RecordOption';
import { valueWhileTyping } from './value-while-typing';
import { isVocabulary, useVocabulary } from './vocabulary';

export interface RecordPickerProps {
  id: string;
  /** The object type to choose from. */
  target: string;
  /** Which of them, in the filter language. */
  filter?: string | null;
  /** Which of these are meant for the record at hand; the others are found by typing only, below them. */
  offered?: string | null;
  /** What is not there may be made on the spot, where a title is all it needs. */
  canCreate?: boolean;
  /** Those that stand in the field already; they are ticked. */
  chosenIds?: readonly number[];
  value: RecordReference | null;
  onChange: (record: RecordReference | null) => void;
  label?: string;
  /** What an empty field says instead of how to search. */
  placeholder?: string;
  isInvalid?: boolean;
  describedBy?: string;
  hasAutoFocus?: boolean;
  onKeyDown?: KeyboardEventHandler;
}

const NONE: readonly number[] = [];

function titleContains(type: ObjectType, text: string): FilterCondition {
  return { field: type.title_field, part: null, operator: 'contains', values: [{ form: 'text', text }] };
}

/** A field that finds a record by part of its name, phone or e-mail, and may make one that is not there. */
export function RecordPicker({
  id,
  target,
  filter,
  offered,
  canCreate = false,
  chosenIds = NONE,
  value,
  onChange,
  label,
  placeholder,
  isInvalid,
  describedBy,
  hasAutoFocus,
  onKeyDown,
}: RecordPickerProps) {
  const { t } = useTranslation('fields');
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const search = useDebounced((typed ?? '').trim(), 150);
  const type = useObjectType(target);
  // The search of the server passes over one or two letters; of words to choose from each letter counts.
  const isByTitle = type !== undefined && isVocabulary(type);
  const words = isByTitle ? '' : search;
  const titled = isByTitle && search !== '' ? printFilter([titleContains(type, search)]) : undefined;
  const all = bothFilters(filter ?? undefined, titled);
  const isNarrowed = offered != null;
  const found = useQuery({
    ...recordPickQuery(target, words, isNarrowed ? bothFilters(all, offered) : all),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const rest = useQuery({
    ...recordPickQuery(target, words, bothFilters(all, `not (${offered ?? ''})`)),
    enabled: isOpen && isNarrowed && search !== '',
    placeholderData: keepPreviousData,
  });
  const meant = found.data?.items ?? [];
  const items = isNarrowed && search !== '' ? [...meant, ...(rest.data?.items ?? [])] : meant;
  const isCurrent = isAnswerTo(typed ?? '', search, found) && (!isNarrowed || search === '' || isAnswerTo(typed ?? '', search, rest));

  const vocabulary = useVocabulary(target, isOpen);
  const errorText = useErrorText();
  const create = useCreateRecord(target);
  const newTitle = (typed ?? '').trim();
  const offersNew = canCreate && isCurrent && type !== undefined && isMadeByTitle(type, filter) && isNewTitle(newTitle, items);
  // What stood there before the typing: it is taken away by an empty field only, not by letters that were never chosen.
  const kept = useRef(value);

  const { activeIndex, setActiveIndex, elements, root, refs, floatingStyles, getReferenceProps, getFloatingProps, getItemProps } = useOptionList(
    isOpen,
    setIsOpen,
  );

  function choose(record: { id: number; title: string; type: string }): void {
    onChange({ id: record.id, title: record.title, type: record.type });
    setTyped(null);
    setIsOpen(false);
  }

  function createNew(): void {
    if (create.isPending || type === undefined) return;
    create.mutate(
      { values: { [type.title_field]: newTitle }, idempotencyKey: newIdempotencyKey() },
      { onSuccess: ({ record }) => choose(record), onError: (error) => showToast(errorText(error), { tone: 'error' }) },
    );
  }

  function giveUp(): void {
    if (typed !== null && value !== kept.current) onChange(kept.current);
    setTyped(null);
    setIsOpen(false);
  }

  function take(text: string): void {
    const before = typed === null ? value : kept.current;
    kept.current = before;
    setTyped(text);
    setIsOpen(true);
    setActiveIndex(null);
    const next = valueWhileTyping(text, before);
    if (next !== value) onChange(next);
  }

  function handleKey(event: KeyboardEvent): void {
    const active = activeIndex === null ? undefined : items[activeIndex];
    const isCleared = typed !== null && typed.trim() === '';
    if (event.key === 'Enter' && isOpen && !(isCleared && active === undefined)) {
      // Where the text could also become a new record, the only one found is not taken unasked.
      const only = typed !== null && items.length === 1 && !offersNew ? items[0] : undefined;
      const record = isCurrent ? (active ?? only) : undefined;
      event.preventDefault();
      event.stopPropagation();
      if (record !== undefined) choose(record);
      else if (offersNew && (activeIndex === items.length || items.length === 0)) createNew();
      return;
    }
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      giveUp();
      return;
    }
    onKeyDown?.(event);
  }

  return (
    <>
      <TextInput
        {...getReferenceProps({
          onKeyDown: handleKey,
          onFocus: () => setIsOpen(hasAutoFocus === true || typed !== null),
          onClick: () => setIsOpen(true),
          onBlur: () => {
            setTyped(null);
            setIsOpen(false);
          },
        })}
        ref={refs.setReference}
        id={id}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-describedby={describedBy}
        isInvalid={isInvalid}
        autoFocus={hasAutoFocus}
        autoComplete="off"
        placeholder={placeholder ?? t('picker.placeholder')}
        value={typed ?? value?.title ?? ''}
        onChange={(event) => take(event.target.value)}
      />
      {isOpen && (
        <FloatingPortal root={root ?? undefined}>
          <div ref={refs.setFloating} style={floatingStyles} className={styles.list} {...getFloatingProps()} aria-label={label ?? t('picker.found')}>
            {items.map((record, index) => (
              <Fragment key={record.id}>
                {index === meant.length && (
                  <div className={classNames(styles.group, styles.groupName)} role="presentation">
                    {t('picker.others')}
                  </div>
                )}
                <div
                  ref={(element) => {
                    elements.current[index] = element;
                  }}
                  role="option"
                  id={`${id}-option-${record.id}`}
                  aria-selected={index === activeIndex}
                  className={classNames(styles.option, index === activeIndex && styles.active)}
                  {...getItemProps({
                    // The field must keep the focus, else its blur would close the list before the click arrives.
                    onMouseDown: (event) => event.preventDefault(),
                    onClick: () => choose(record),
                  })}
                >
                  <RecordOption record={record} vocabulary={vocabulary} />
                  {chosenIds.includes(record.id) && <IconCheck size={16} role="img" aria-label={t('picker.chosen')} />}
                </div>
              </Fragment>
            ))}
            {offersNew && (
              <div
                ref={(element) => {
                  elements.current[items.length] = element;
                }}
                role="option"
                id={`${id}-option-new`}
                aria-selected={activeIndex === items.length}
                className={classNames(styles.option, activeIndex === items.length && styles.active)}
                {...getItemProps({ onMouseDown: (event) => event.preventDefault(), onClick: createNew })}
              >
                <IconPlus size={16} aria-hidden="true" />
                <span className={styles.optionText}>{t('picker.create', { name: newTitle })}</span>
              </div>
            )}
            {items.length === 0 && !offersNew && !found.isFetching && <div className={styles.none}>{t('picker.nothing')}</div>}
          </div>
        </FloatingPortal>
      )}
    </>
  );
}
