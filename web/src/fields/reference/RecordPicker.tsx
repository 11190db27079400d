import { FloatingPortal } from '@floating-ui/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent, type KeyboardEventHandler } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPickQuery } from '@/api/records';
import type { RecordReference } from '@/api/types';
import { classNames } from '@/util/class-names';
import { TextInput } from '@/ui/TextInput';
import { isAnswerTo } from '@/ui/is-answer';
import styles from '@/ui/OptionList.module.css';
import { useDebounced } from '@/ui/use-debounced';
import { useOptionList } from '@/ui/use-option-list';
import { valueWhileTyping } from './value-while-typing';

export interface RecordPickerProps {
  id: string;
  /** The object type to choose from. */
  target: string;
  /** Which of them, in the filter language. */
  filter?: string | null;
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

/** A field that finds a record by part of its name, phone or e-mail. */
export function RecordPicker({
  id,
  target,
  filter,
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
  const found = useQuery({ ...recordPickQuery(target, search, filter ?? undefined), enabled: isOpen, placeholderData: keepPreviousData });
  const items = found.data?.items ?? [];
  const isCurrent = isAnswerTo(typed ?? '', search, found);
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

  function giveUp(): void {
    if (typed !== null && value !== kept.current) onChange(kept.current);
    setTyped(null);
    setIsOpen(false);
  }

  function type(text: string): void {
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
      const record = isCurrent ? (active ?? (typed !== null && items.length === 1 ? items[0] : undefined)) : undefined;
      event.preventDefault();
      event.stopPropagation();
      if (record !== undefined) choose(record);
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
        onChange={(event) => type(event.target.value)}
      />
      {isOpen && (
        <FloatingPortal root={root ?? undefined}>
          <div ref={refs.setFloating} style={floatingStyles} className={styles.list} {...getFloatingProps()} aria-label={label ?? t('picker.found')}>
            {items.map((record, index) => (
              <div
                key={record.id}
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
                {record.title}
              </div>
            ))}
            {items.length === 0 && !found.isFetching && <div className={styles.none}>{t('picker.nothing')}</div>}
          </div>
        </FloatingPortal>
      )}
    </>
  );
}
