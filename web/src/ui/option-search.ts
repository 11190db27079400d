/** Options that answer what is typed into a picker. */
import type { SelectOption } from './Select';

export interface OptionGroup {
  name: string;
  options: SelectOption[];
}

/** Every word typed must stand in the name of the option or of its group. */
export function searchOptions(options: readonly SelectOption[], text: string): SelectOption[] {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const own = `${option.label} ${option.group ?? ''}`.toLowerCase();
    return words.every((word) => own.includes(word));
  });
}

/** Options by group, in the order in which the groups come first. */
export function groupOptions(options: readonly SelectOption[]): OptionGroup[] {
  const groups = new Map<string, SelectOption[]>();
  for (const option of options) {
    const name = option.group ?? '';
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [option]);
    else members.push(option);
  }
  return [...groups].map(([name, members]) => ({ name, options: members }));
}
