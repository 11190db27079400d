import { FloatingPortal } from '@floating-ui/react';
import { useId, useState, type KeyboardEvent } from 'react';
import { classNames } from '@/util/class-names';
import list from './OptionList.module.css';
import { TextInput } from './TextInput';
import { useOptionList } from './use-option-list';

export interface SuggestInputProps {
  label: string;
  value: string;
  /** What could be meant by the text. */
  suggestions: readonly string[];
  onChange: (text: string) => void;
  /** A suggestion was chosen. */
  onChoose: (text: string) => void;
  placeholder?: string;
  /** Several are gathered: Enter, and leaving the field, take the text as it was typed. */
  takesTyped?: boolean;
  'data-autofocus'?: string;
}

/** Any text, with suggestions below it that can be chosen instead of typed to the end. */
export function SuggestInput({ label, value, suggestions, onChange, onChoose, placeholder, takesTyped = false, ...rest }: SuggestInputProps) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { activeIndex, setActiveIndex, elements, root, refs, floatingStyles, getReferenceProps, getFloatingProps, getItemProps } = useOptionList(
    isOpen,
    setIsOpen,
  );
  const isShown = isOpen && suggestions.length > 0;

  function choose(text: string): void {
    setIsOpen(false);
    setActiveIndex(null);
    onChoose(text);
  }

  function handleKey(event: KeyboardEvent): void {
    const active = activeIndex === null ? undefined : suggestions[activeIndex];
    if (event.key === 'Enter' && isShown && active !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      choose(active);
    } else if (event.key === 'Enter' && takesTyped && value.trim() !== '') {
      event.preventDefault();
      event.stopPropagation();
      choose(value.trim());
    } else if (event.key === 'Escape' && isShown) {
      event.stopPropagation();
      setIsOpen(false);
    }
  }

  return (
    <>
      <TextInput
        {...getReferenceProps({
          onKeyDown: handleKey,
          onClick: () => setIsOpen(true),
          onBlur: () => {
            setIsOpen(false);
            if (takesTyped && value.trim() !== '') choose(value.trim());
          },
        })}
        {...rest}
        ref={refs.setReference}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-activedescendant={isShown && activeIndex !== null ? `${id}-${activeIndex}` : undefined}
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          setIsOpen(true);
          setActiveIndex(null);
          onChange(event.target.value);
        }}
      />
      {isShown && (
        <FloatingPortal root={root ?? undefined}>
          <div ref={refs.setFloating} style={floatingStyles} className={list.list} {...getFloatingProps()} aria-label={label}>
            {suggestions.map((text, index) => (
              <div
                key={text}
                ref={(element) => {
                  elements.current[index] = element;
                }}
                role="option"
                id={`${id}-${index}`}
                aria-selected={index === activeIndex}
                className={classNames(list.option, index === activeIndex && list.active)}
                {...getItemProps({
                  // The field must keep the focus, else its blur would close the list before the click arrives.
                  onMouseDown: (event) => event.preventDefault(),
                  onClick: () => choose(text),
                })}
              >
                {text}
              </div>
            ))}
          </div>
        </FloatingPortal>
      )}
    </>
  );
}
