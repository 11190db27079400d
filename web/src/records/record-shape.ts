/** What of a record its avatar is drawn from. */
import { apiUrl } from '@/api/client';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { asFile, asText } from '@/fields/values';
import type { AvatarSign } from '@/ui/Avatar';

const PICTURE_FIELD = 'photo';
const SIGN_OF_GENDER: Readonly<Record<string, AvatarSign>> = { male: 'man', female: 'woman' };

/** The fields that a list asks for beside its columns. */
export const AVATAR_FIELDS: readonly string[] = ['kind', 'gender', PICTURE_FIELD];

/** Companies are square, people are round; types without a kind are round. */
export function shapeOf(record: Pick<RecordItem, 'values'>): 'round' | 'square' {
  return record.values.kind === 'company' ? 'square' : 'round';
}

/** What its kind and gender say of a record; types without a kind have no sign. */
export function signOf(record: Pick<RecordItem, 'values'>): AvatarSign | null {
  if (record.values.kind === 'company') return 'company';
  return record.values.kind === 'person' ? (SIGN_OF_GENDER[asText(record.values.gender)] ?? 'person') : null;
}

/** The address of the picture of a record; null without one, and where it was not asked for. */
export function pictureOf(record: Pick<RecordItem, 'values'>): string | null {
  const file = asFile(record.values[PICTURE_FIELD]);
  return file?.width === undefined ? null : apiUrl(`/files/${file.id}`);
}

/** The field that the heading of a card shows as its picture. */
export function pictureField(type: Pick<ObjectType, 'fields'>): Field | undefined {
  return type.fields.find((field) => field.name === PICTURE_FIELD && field.kind === 'file' && Boolean(field.settings.picture));
}

/** Its records are somebody or something with a look of its own. */
export function hasFace(type: Pick<ObjectType, 'fields'>): boolean {
  return pictureField(type) !== undefined;
}

/** As what the records of a type can be shown besides a list. */
export function shapesOf(type: ObjectType): { hasPlaces: boolean; hasBranches: boolean; hasColumns: boolean; hasSpans: boolean } {
  return { hasPlaces: hasPlaces(type), hasBranches: branchField(type) !== undefined, hasColumns: type.fields.some(isBoardField), hasSpans: hasSpans(type) };
}

/** Its records are between two dates, or due on one. */
export function hasSpans(type: Pick<ObjectType, 'fields'>): boolean {
  const dates = type.fields.filter((field) => field.kind.startsWith('date') && !field.is_retired && !field.is_read_only && field.group !== 'system');
  return dates.length > 1 || dates.some((field) => field.overdue_if != null);
}

/** Its options can be the columns of a board. */
export function isBoardField(field: Field): boolean {
  return field.kind === 'choice' && !field.is_retired && field.group !== 'system';
}

/** The field that names the record above one of the same type. */
export function branchField(type: ObjectType): Field | undefined {
  return type.fields.find((field) => field.kind === 'reference' && field.settings.is_hierarchy === true && field.settings.target === type.name);
}

/** The fields that stand in the blocks of a card; the title and the picture are its heading. */
export function fieldsBelowHeading(type: Pick<ObjectType, 'fields' | 'title_field'>): Field[] {
  const picture = pictureField(type);
  return type.fields.filter((field) => field.name !== type.title_field && field !== picture);
}

/** Whether its records can stand on a map. */
export function hasPlaces(type: Pick<ObjectType, 'fields'>): boolean {
  return type.fields.some((field) => field.kind === 'addresses');
}
