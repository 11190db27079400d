import type { OptionTraits } from './option-traits';
import type { Labels, OptionColor } from './types';

/** An option of a list, with what it means to the program. */
export interface ChoiceOption extends OptionTraits {
  key: string;
  labels: Labels;
  color?: OptionColor | null;
  is_retired?: boolean;
  /** Only of one that some teams are offered: whether the reader is. */
  is_offered?: boolean;
}
