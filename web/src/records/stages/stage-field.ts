import type { ChoiceOption, Field, ObjectType, RecordItem } from '@/api/types';
import { asText } from '@/fields/values';

/** The field of a way that ends well or not: the stage of a deal, the status of an order. A tick says enough of what is only open or done. */
export function stageField(type: Pick<ObjectType, 'fields'>): Field | undefined {
  return type.fields.find((field) => field.kind === 'choice' && !field.is_retired && field.settings.meanings?.includes('lost') === true);
}

/** The stages of the way that a record goes: those of its pipeline, and the one in which it stands even if nobody is offered it any more. */
export function stagesOf(field: Field, { values }: Pick<RecordItem, 'values'>): ChoiceOption[] {
  const above = field.settings.within == null ? '' : asText(values[field.settings.within]);
  const current = asText(values[field.name]);
  return (field.settings.options ?? []).filter((option) => option.key === current || (option.is_retired !== true && (option.within === undefined || option.within === above)));
}

export type StageState = 'passed' | 'current' | 'ahead';

/** What lies behind a record: the stages before its own, and of one that was lost none. */
export function stageState(stages: readonly ChoiceOption[], at: number, current: number): StageState {
  if (at === current) return 'current';
  return at < current && stages[current]?.meaning !== 'lost' && stages[at]?.meaning !== 'lost' ? 'passed' : 'ahead';
}
