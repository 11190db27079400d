/** Values as texts that people read, other programs take, and the server reads back. */
import type { Field, FieldKind, FieldValue } from '@/api/types';
import { addressText } from '@/fields/addresses/address-text';
import { asAddresses, asChannels, asFile, asMoney, asReference, asReferences, asText, asTexts, isEmptyValue } from '@/fields/values';
import type { Format } from '@/ui/use-format';
import { currencyDecimals } from '@/util/currencies';
import { editableNumber, instantOf, parseClock, parseDate, parseNumber } from '@/util/read-format';

type ToText = (value: FieldValue, field: Field, format: Format) => string;

function optionText(key: string, field: Field, format: Format): string {
  const option = field.settings.options?.find((candidate) => candidate.key === key);
  return option === undefined ? key : format.label(option.labels);
}

/** Several in one cell: the server takes them apart at the same sign. */
const SEPARATOR = '; ';

const TEXTS = {
  text: (value) => asText(value),
  long_text: (value) => asText(value),
  number: (value, _, format) => editableNumber(asText(value), format.formats),
  money: (value, _, format) => {
    const money = asMoney(value);
    if (money === null) return '';
    return `${editableNumber(String(money.amount / 10 ** currencyDecimals(money.currency)), format.formats)} ${money.currency}`;
  },
  checkbox: (value) => (value === true ? '1' : value === false ? '0' : ''),
  date: (value, _, format) => (asText(value) === '' ? '' : format.date(asText(value))),
  date_time: (value, _, format) => (asText(value) === '' ? '' : format.instant(asText(value))),
  link: (value) => asText(value),
  choice: (value, field, format) => (asText(value) === '' ? '' : optionText(asText(value), field, format)),
  choice_set: (value, field, format) => asTexts(value).map((key) => optionText(key, field, format)).join(SEPARATOR),
  reference: (value) => asReference(value)?.title ?? '',
  reference_set: (value) => asReferences(value).map((reference) => reference.title).join(SEPARATOR),
  file: (value) => asFile(value)?.name ?? '',
  channels: (value) => asChannels(value).map((channel) => channel.display ?? channel.value).join(SEPARATOR),
  addresses: (value, _, format) => asAddresses(value).map((address) => addressText(address, format.language)).join(SEPARATOR),
  filter: (value) => asText(value),
  recurrence: (value) => asText(value),
} satisfies Record<FieldKind, ToText>;

export function cellText(value: FieldValue, field: Field, format: Format): string {
  return isEmptyValue(value) ? '' : TEXTS[field.kind](value, field, format);
}

/** What somebody wrote, in the form that the server reads in every language and time zone; what is not understood goes as it is. */
export function readCell(text: string, field: Field, format: Pick<Format, 'formats' | 'timeZone'>): string {
  const trimmed = text.trim();
  if (field.kind === 'number') return String(parseNumber(trimmed, format.formats) ?? trimmed);
  if (field.kind === 'money') {
    const [, amount = '', currency = ''] = /^(.*?)\s*([A-Z]{3})?$/.exec(trimmed) ?? [];
    const number = parseNumber(amount, format.formats);
    return number === null ? trimmed : `${number} ${currency}`.trim();
  }
  if (field.kind === 'date') return parseDate(trimmed, format.formats) ?? trimmed;
  if (field.kind === 'date_time') {
    const [, day = '', time = '00:00'] = /^(\S+?),?(?:\s+(\d.*))?$/.exec(trimmed) ?? [];
    const [date, clock] = [parseDate(day, format.formats), parseClock(time)];
    return date === null || clock === null ? trimmed : instantOf(date, clock, format.timeZone);
  }
  return trimmed;
}
