/** Which fields of a type a board is made of. */
import type { ChoiceOption, Field, ObjectType, RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import type { ListSearch } from '../list/list-search';
import { readColumns } from '../list/columns';
import { AVATAR_FIELDS, isBoardField } from '../record-shape';

type Type = Pick<ObjectType, 'fields'>;

/** Fields on a card below its title. */
export const MOST_LINES = 4;

/** The fields whose options can be columns. */
export function boardFields(type: Type): Field[] {
  return type.fields.filter(isBoardField);
}

/** A field says where work stands by its meanings or by the colours of its options; any other list of options will do, too. */
function worth(field: Field): number {
  if ((field.settings.meanings ?? []).length > 0) return 3;
  if ((field.settings.options ?? []).some((option) => option.color != null)) return 2;
  return field.access === 'write' && !field.is_read_only ? 1 : 0;
}

/** The field of the columns: the one that was asked for, or the one that says most about where work stands. */
export function boardField(type: Type, by: string | undefined): Field | undefined {
  const fields = boardFields(type);
  const [first] = [...fields].sort((one, other) => worth(other) - worth(one));
  return fields.find((field) => field.name === by) ?? first;
}

export interface Above {
  field: Field;
  options: ChoiceOption[];
  /** The option whose records the board shows. */
  current: ChoiceOption;
}

/** The field under whose options those of the columns stand: the pipelines of stages. */
export function aboveOf(type: Type, field: Field, chosen: string | undefined): Above | null {
  const above = type.fields.find((candidate) => candidate.name === field.settings.within && candidate.kind === 'choice' && !candidate.is_retired);
  const options = (above?.settings.options ?? []).filter((option) => option.is_retired !== true);
  const current = options.find((option) => option.key === chosen) ?? options[0];
  return above === undefined || current === undefined ? null : { field: above, options, current };
}

/** What can be added up. */
export function sumFields(type: Type): Field[] {
  return type.fields.filter((field) => !field.is_retired && field.group !== 'system' && (field.kind === 'money' || field.kind === 'number'));
}

/** In the address: nothing is added up. */
export const NO_SUM = 'none';

/** What the columns add up: what was asked for; where the options have chances, which is a pipeline, its amounts without being asked. */
export function sumField(type: Type, field: Field | undefined, asked: string | undefined): Field | undefined {
  if (asked !== undefined) return sumFields(type).find(({ name }) => name === asked);
  const isPipeline = (field?.settings.options ?? []).some((option) => option.percent != null);
  return isPipeline ? sumFields(type).find(({ kind, settings }) => kind === 'money' && settings.is_price !== true) : undefined;
}

/** Who answers for a record: the first field that names a user, before those that name several. */
export function responsibleField(type: Type): Field | undefined {
  const ofUsers = type.fields.filter((field) => !field.is_retired && field.group !== 'system' && field.settings.target === 'user' && field.settings.is_unique !== true);
  return ofUsers.find((field) => field.kind === 'reference') ?? ofUsers.find((field) => field.kind === 'reference_set');
}

/** The field that says since when a record stands in its column. */
export function sinceField(type: Type, field: Field): Field | undefined {
  return type.fields.find((candidate) => candidate.name === `${field.name}_since` && candidate.kind === 'date_time' && !candidate.is_retired);
}

/** The fields on the cards: the columns of the view, without what the board says otherwise. */
export function cardFields(type: ObjectType, search: ListSearch, field: Field): Field[] {
  const told = [type.title_field, field.name, field.settings.within, responsibleField(type)?.name, sinceField(type, field)?.name];
  return readColumns(type, search.columns)
    .map((column) => column.field)
    .filter((candidate) => !told.includes(candidate.name));
}

/** What is read of each record. */
export function fieldNames(type: ObjectType, search: ListSearch, field: Field): string[] {
  const wanted = new Set<string | null | undefined>([
    type.title_field,
    ...AVATAR_FIELDS,
    ...cardFields(type, search, field).map(({ name }) => name),
    field.name,
    field.settings.within,
    responsibleField(type)?.name,
    sinceField(type, field)?.name,
    sumField(type, field, search.sum)?.name,
  ]);
  return type.fields.filter(({ name }) => wanted.has(name)).map(({ name }) => name);
}

const DAY_MS = 86_400_000;

/** Whole days that a record stands in its column, where that is longer than its option allows; else null. */
export function staleDays(record: Pick<RecordItem, 'values'>, since: Field | undefined, option: ChoiceOption | undefined, nowMs: number): number | null {
  const begun = since === undefined ? Number.NaN : Date.parse(asText(record.values[since.name]));
  if (option?.max_days === undefined || Number.isNaN(begun)) return null;
  const days = Math.floor((nowMs - begun) / DAY_MS);
  return days > option.max_days ? days : null;
}
