/** What is said of a row that resembles a card, as far as the page knows it. */
import type { ImportItem, ImportProblem, ObjectType, RecordItem } from '@/api/types';
import { asChannels } from '@/fields/values';
import { titleOf } from './preview-fields';

/** The name in the row, which the page knows of the first rows only; else nothing. */
export function rowTitle({ row }: Pick<ImportProblem, 'row'>, { preview }: Pick<ImportItem, 'preview'>, type: ObjectType | undefined): string {
  const known = preview.find((candidate) => candidate.row === row);
  return known === undefined || type === undefined ? '' : titleOf(known, type);
}

/** The phone or e-mail of the row if the found card has it too: they may share another one, so it must be looked up. */
export function sharedChannel({ value, match }: Pick<ImportProblem, 'value' | 'match'>, card: RecordItem | undefined, type: ObjectType | undefined): string | null {
  if (value === null || card === undefined || match == null) return null;
  const channels = (type?.fields ?? []).filter((field) => field.kind === 'channels').flatMap((field) => asChannels(card.values[field.name]));
  return channels.some((channel) => (channel.display ?? channel.value) === value) ? value : null;
}
