/** Options that only some teams are offered for new records, such as a pipeline of one team. */
import type { Field } from '@/api/types';

/** The field as a new record has it: without options that are not offered to whoever makes it, and with a default that is. */
export function forNewRecord(field: Field): Field {
  const { options } = field.settings;
  if (options === undefined || options.every((option) => option.is_offered !== false)) return field;
  const offered = options.filter((option) => option.is_offered !== false);
  const isOffered = offered.some(({ key }) => key === field.default);
  // As the server does: where nobody had chosen, the first that is offered.
  const first = offered.find((option) => option.is_retired !== true)?.key ?? null;
  return { ...field, settings: { ...field.settings, options: offered }, default: field.default == null || isOffered ? field.default : first };
}
