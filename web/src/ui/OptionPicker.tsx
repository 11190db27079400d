import { FloatingPortal } from '@floating-ui/react';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '@/util/class-names';
import list from './OptionList.module.css';
import styles from './OptionPicker.module.css';
import { groupOptions, searchOptions } from './option-search';
import type { SelectOption } from './Select';
import { TextInput } from './TextInput';
import { useOptionList } from './use-option-list';

export interface OptionPickerProps {
  id?: string;
  'aria-label'?: string;
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
  /** Shown for the empty value, and offered first; without it there is no empty choice. */
  emptyLabel?: string;
  hasAutoFocus?: boolean;
  className?: string;
}

/** One of many options: the whole list opens by groups, typing narrows it, arrows and Enter choose. */
export function OptionPicker({ id, value, options, onChange, emptyLabel, hasAutoFocus = false, className, ...rest }: OptionPickerProps) {
  const { t } = useTranslation('ui');
  const ownId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const { activeIndex, setActiveIndex, elements, root, refs, floatingStyles, getReferenceProps, getFloatingProps, getItemProps } = useOptionList(
    isOpen,
    setIsOpen,
  );
  const isSearched = typed !== null && typed.trim() !== '';
  const empty: SelectOption[] = emptyLabel === undefined || isSearched ? [] : [{ value: '', label: emptyLabel }];
  const groups = groupOptions([...empty, ...(isOpen ? searchOptions(options, typed ?? '') : [])]);
  const shown = groups.flatMap((group) => group.options);
  const chosen = options.find((option) => option.value === value);

  function open(): void {
    if (isOpen) return;
    const all = groupOptions([...empty, ...options]).flatMap((group) => group.options);
    const at = all.findIndex((option) => option.value === value);
    setActiveIndex(at === -1 ? null : at);
    setIsOpen(true);
  }

  function close(): void {
    setTyped(null);
    setIsOpen(false);
  }

  function choose(option: SelectOption): void {
    if (option.isDisabled === true) return;
    close();
    if (option.value !== value) onChange(option.value);
  }

  function handleKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      const option = activeIndex === null ? undefined : shown[activeIndex];
      if (option !== undefined) choose(option);
    } else if (!isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'Enter')) {
      event.preventDefault();
      event.stopPropagation();
      open();
    }
  }

  let index = -1;
  function item(option: SelectOption) {
    index += 1;
    const at = index;
    return (
      <div
        key={option.value}
        ref={(element) => {
          elements.current[at] = element;
          if (at === activeIndex) element?.scrollIntoView({ block: 'nearest' });
        }}
        role="option"
        id={`${ownId}-${at}`}
        aria-selected={at === activeIndex}
        aria-disabled={option.isDisabled}
        className={classNames(list.option, at === activeIndex && list.active, option.value === '' && list.muted)}
        {...getItemProps({
          // The field must keep the focus, else its blur would close the list before the click arrives.
          onMouseDown: (event) => event.preventDefault(),
          onClick: () => choose(option),
        })}
      >
        <span className={list.optionText}>{option.label}</span>
        {option.value === value && <IconCheck size={16} aria-hidden="true" />}
      </div>
    );
  }

  return (
    <span className={classNames(styles.frame, className)}>
      <TextInput
        {...getReferenceProps({
          onKeyDown: handleKey,
          onFocus: (event) => {
            (event.target as HTMLInputElement).select();
            if (hasAutoFocus) open();
          },
          onClick: open,
          onBlur: close,
        })}
        ref={refs.setReference}
        id={id}
        role="combobox"
        aria-label={rest['aria-label']}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-activedescendant={isOpen && activeIndex !== null ? `${ownId}-${activeIndex}` : undefined}
        autoComplete="off"
        autoFocus={hasAutoFocus}
        spellCheck={false}
        className={styles.input}
        data-empty={value === '' || undefined}
        value={typed ?? chosen?.label ?? (value === '' ? (emptyLabel ?? '') : value)}
        title={chosen?.label}
        onChange={(event) => {
          setTyped(event.target.value);
          setIsOpen(true);
          setActiveIndex(0);
        }}
      />
      <IconChevronDown size={16} className={styles.chevron} aria-hidden="true" />
      {isOpen && (
        <FloatingPortal root={root ?? undefined}>
          <div ref={refs.setFloating} style={floatingStyles} className={list.list} {...getFloatingProps()} aria-label={rest['aria-label']}>
            {groups.map((group) =>
              group.name === '' ? (
                group.options.map(item)
              ) : (
                <div key={group.name} role="group" aria-label={group.name} className={list.group}>
                  <div className={list.groupName} aria-hidden="true">
                    {group.name}
                  </div>
                  {group.options.map(item)}
                </div>
              ),
            )}
            {shown.length === 0 && <div className={list.none}>{t('nothing_found')}</div>}
          </div>
        </FloatingPortal>
      )}
    </span>
  );
}
