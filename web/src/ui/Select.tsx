import { IconChevronDown } from '@tabler/icons-react';
import type { Ref, SelectHTMLAttributes } from 'react';
import { classNames } from '@/util/class-names';
import styles from './Select.module.css';

export interface SelectOption {
  value: string;
  label: string;
  /** Options of one group must stand together. */
  group?: string;
  isDisabled?: boolean;
}

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value' | 'size'> {
  ref?: Ref<HTMLSelectElement>;
  value: string;
  options: readonly SelectOption[];
  onChange: (value: string) => void;
  /** Shown for the empty value; without it there is no empty choice. */
  emptyLabel?: string;
  isInvalid?: boolean;
  size?: 'normal' | 'small';
}

/** A drop-down. It is the browser's own: keyboard, touch and screen readers work as people know them. */
export function Select({ value, options, onChange, emptyLabel, isInvalid = false, size = 'normal', className, ...rest }: SelectProps) {
  const groups = new Map<string, SelectOption[]>();
  for (const option of options) {
    const name = option.group ?? '';
    groups.set(name, [...(groups.get(name) ?? []), option]);
  }
  return (
    <span className={classNames(styles.frame, size === 'small' && styles.small, className)}>
      <select
        {...rest}
        className={styles.select}
        value={value}
        aria-invalid={isInvalid || undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {emptyLabel !== undefined && <option value="">{emptyLabel}</option>}
        {[...groups].map(([name, members]) =>
          name === '' ? (
            members.map((option) => <Option key={option.value} option={option} />)
          ) : (
            <optgroup key={name} label={name}>
              {members.map((option) => (
                <Option key={option.value} option={option} />
              ))}
            </optgroup>
          ),
        )}
      </select>
      <IconChevronDown size={16} className={styles.chevron} aria-hidden="true" />
    </span>
  );
}

function Option({ option }: { option: SelectOption }) {
  return (
    <option value={option.value} disabled={option.isDisabled}>
      {option.label}
    </option>
  );
}
