/** What is typed in the dialog of a field, and what of it is sent. */
import type { OptionTraits } from '@/api/option-traits';
import type { FieldChange, NewField } from '@/api/catalog';
import type { ChoiceOption, Field, FieldGroup, FieldKind, FieldSettings, FieldValue, Labels, OptionColor } from '@/api/types';
import { isEmptyValue } from '@/fields/values';
import { LANGUAGES, type Language } from '@/util/languages';
import { splitCondition } from './own-condition';

export type LabelTexts = Record<Language, string>;

export interface OptionDraft {
  /** Stays the same while the option is moved and renamed. */
  id: string;
  /** Empty for an option that the server does not know yet. */
  key: string;
  labels: LabelTexts;
  color: OptionColor | null;
  isRetired: boolean;
  /** What it means to the program. */
  traits: OptionTraits;
}

export interface FieldDraft {
  labels: LabelTexts;
  kind: FieldKind;
  group: FieldGroup;
  isRequired: boolean;
  options: OptionDraft[];
  /** What options may mean; empty where they mean nothing to the program. */
  meanings: readonly string[];
  decimals: number;
  minimum: string;
  maximum: string;
  currencies: string[];
  target: string;
  /** Of a file: pictures only, which fit into a square of so many pixels. */
  isPicture: boolean;
  pictureSide: number;
  hint: LabelTexts;
  defaultValue: FieldValue;
  /** Only what an administrator added; see `splitCondition`. */
  shownIf: string;
  requiredIf: string;
}

/** Kinds whose value can stand by itself, before there is a record. */
const DEFAULT_KINDS: readonly FieldKind[] = ['text', 'long_text', 'number', 'money', 'checkbox', 'date', 'date_time', 'link', 'choice', 'choice_set'];

/** Whether a new record may begin with a value of this kind. New options have no keys to be named by yet. */
export function hasDefault(draft: Pick<FieldDraft, 'kind'>, isNew: boolean): boolean {
  return DEFAULT_KINDS.includes(draft.kind) && !(isNew && hasOptions(draft.kind));
}

/** Kinds that an administrator may add; channels and addresses belong to the object type itself. */
export const ADDABLE_KINDS = [
  'text',
  'long_text',
  'number',
  'money',
  'checkbox',
  'date',
  'date_time',
  'link',
  'choice',
  'choice_set',
  'reference',
  'reference_set',
  'file',
] as const satisfies readonly FieldKind[];

/** What a picture may be made to fit into, in pixels. */
export const PICTURE_SIDES = [400, 800, 1600] as const;
/** Largest upload of a picture: what cameras of phones make. */
const PICTURE_BYTES = 10 * 1024 * 1024;

export function hasOptions(kind: FieldKind): boolean {
  return kind === 'choice' || kind === 'choice_set';
}

export function labelTexts(labels: Labels): LabelTexts {
  return { ru: labels.ru ?? '', uk: labels.uk ?? '', en: labels.en ?? '' };
}

let lastOption = 0;

/** `meaning` is what a new one means where the field has meanings. */
export function newOption(meaning?: string): OptionDraft {
  lastOption += 1;
  return { id: `new-${lastOption}`, key: '', labels: labelTexts({}), color: null, isRetired: false, traits: meaning === undefined ? {} : { meaning } };
}

export function emptyDraft(target: string, group: FieldGroup = 'details'): FieldDraft {
  return {
    labels: labelTexts({}),
    kind: 'text',
    group,
    isRequired: false,
    options: [newOption(), newOption()],
    meanings: [],
    decimals: 0,
    minimum: '',
    maximum: '',
    currencies: [],
    target,
    isPicture: false,
    pictureSide: PICTURE_SIDES[0],
    hint: labelTexts({}),
    defaultValue: null,
    shownIf: '',
    requiredIf: '',
  };
}

function traitsOf({ meaning, percent, within, max_days: days, max_records: records, teams, requires }: ChoiceOption): OptionTraits {
  const traits: OptionTraits = { meaning, percent, within, max_days: days, max_records: records, teams, requires };
  return Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined));
}

export function draftOf(field: Field): FieldDraft {
  const { settings } = field;
  return {
    labels: labelTexts(field.labels),
    kind: field.kind,
    group: field.group,
    isRequired: field.is_required,
    options: (settings.options ?? []).map((option) => ({
      id: option.key,
      key: option.key,
      labels: labelTexts(option.labels),
      color: option.color ?? null,
      isRetired: option.is_retired === true,
      traits: traitsOf(option),
    })),
    meanings: settings.meanings ?? [],
    decimals: settings.decimals ?? 0,
    minimum: settings.minimum?.toString() ?? '',
    maximum: settings.maximum?.toString() ?? '',
    currencies: settings.currencies ?? [],
    target: settings.target ?? '',
    isPicture: settings.picture != null,
    pictureSide: settings.picture?.max_width ?? PICTURE_SIDES[0],
    hint: labelTexts(field.hint ?? {}),
    defaultValue: field.default ?? null,
    shownIf: splitCondition(field, 'shown_if').own,
    requiredIf: splitCondition(field, 'required_if').own,
  };
}

/** Only the languages that were filled in: a client shows another one where its own is missing. */
export function filledLabels(texts: LabelTexts): Labels {
  return Object.fromEntries(LANGUAGES.map((language) => [language, texts[language].trim()] as const).filter(([, text]) => text !== ''));
}

export function isNamed(texts: LabelTexts): boolean {
  return Object.keys(filledLabels(texts)).length > 0;
}

/** A comma is a decimal point on half of the keyboards here. */
function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  const value = Number(trimmed);
  return trimmed === '' || Number.isNaN(value) ? null : value;
}

function filledOptions(options: readonly OptionDraft[]): ChoiceOption[] {
  return options
    .filter((option) => option.key !== '' || isNamed(option.labels))
    .map((option) => ({ key: option.key, labels: filledLabels(option.labels), color: option.color, is_retired: option.isRetired, ...option.traits }));
}

export function settingsOf(draft: FieldDraft): FieldSettings {
  switch (draft.kind) {
    case 'choice':
    case 'choice_set':
      return { options: filledOptions(draft.options) };
    case 'number':
      return { decimals: draft.decimals, minimum: numberOf(draft.minimum), maximum: numberOf(draft.maximum) };
    case 'money':
      return { currencies: draft.currencies };
    case 'reference':
    case 'reference_set':
      return { target: draft.target };
    case 'file':
      return draft.isPicture ? { max_bytes: PICTURE_BYTES, picture: { max_width: draft.pictureSide, max_height: draft.pictureSide } } : {};
    default:
      return {};
  }
}

export type DraftProblem = 'labels' | 'options' | 'limits';

/** What the person can mend before the server is asked. */
export function draftProblem(draft: FieldDraft): DraftProblem | null {
  if (!isNamed(draft.labels)) return 'labels';
  if (hasOptions(draft.kind)) {
    const usable = draft.options.filter((option) => !option.isRetired);
    const isNameless = draft.options.some((option) => option.key !== '' && !isNamed(option.labels));
    if (isNameless || !usable.some((option) => isNamed(option.labels))) return 'options';
  }
  if (draft.kind === 'number') {
    const [low, high] = [numberOf(draft.minimum), numberOf(draft.maximum)];
    const isText = (text: string, value: number | null): boolean => text.trim() !== '' && value === null;
    if (isText(draft.minimum, low) || isText(draft.maximum, high) || (low !== null && high !== null && low > high)) return 'limits';
  }
  return null;
}

export function newFieldOf(draft: FieldDraft): NewField {
  return {
    labels: filledLabels(draft.labels),
    kind: draft.kind,
    group: draft.group,
    is_required: draft.isRequired,
    settings: settingsOf(draft),
  };
}

/** Kinds whose settings can be changed later; of the others only names and flags. */
function hasChangeableSettings(kind: FieldKind): boolean {
  return hasOptions(kind) || kind === 'number' || kind === 'money';
}

/** Settings that the dialog does not show stay as they are. */
export function fieldChangeOf(field: Field, draft: FieldDraft): FieldChange {
  return {
    // A standard field keeps its name.
    ...(field.is_custom ? { labels: filledLabels(draft.labels) } : {}),
    is_required: draft.isRequired,
    group: draft.group,
    ...(hasChangeableSettings(field.kind) ? { settings: { ...field.settings, ...settingsOf(draft) } } : {}),
    ...characteristicsOf(draft, draftOf(field)),
  };
}

/** Hint, default and conditions, as far as they differ: the server would take even the same condition for an added one. */
export function characteristicsOf(draft: FieldDraft, before: FieldDraft): FieldChange {
  const change: FieldChange = {};
  if (JSON.stringify(draft.hint) !== JSON.stringify(before.hint)) change.hint = filledLabels(draft.hint);
  if (JSON.stringify(draft.defaultValue) !== JSON.stringify(before.defaultValue)) change.default = isEmptyValue(draft.defaultValue) ? null : draft.defaultValue;
  if (draft.shownIf !== before.shownIf) change.shown_if = draft.shownIf;
  if (draft.requiredIf !== before.requiredIf) change.required_if = draft.requiredIf;
  return change;
}

/** The list with the option moved by one place; at the ends it stays. */
export function moveOption(options: readonly OptionDraft[], index: number, step: 1 | -1): OptionDraft[] {
  const moved = [...options];
  const [option] = moved.splice(index, 1);
  if (option === undefined) return moved;
  moved.splice(Math.max(0, Math.min(options.length - 1, index + step)), 0, option);
  return moved;
}

/** What an option means, with another number; an empty text takes it away, what is no number changes nothing. */
export function withNumber(traits: OptionTraits, name: 'percent' | 'max_days' | 'max_records', text: string): OptionTraits {
  const { [name]: before, ...others } = traits;
  const trimmed = text.trim();
  if (trimmed === '') return others;
  return /^\d{1,4}$/.test(trimmed) ? { ...others, [name]: Number(trimmed) } : { ...others, [name]: before };
}

/** What an option means, offered to other teams; none for everybody. */
export function withTeams({ teams: _, ...others }: OptionTraits, teams: number[]): OptionTraits {
  return teams.length === 0 ? others : { ...others, teams };
}
