/** An example of a record, every field filled in, so that a card can be looked at before there is one. */
import type { Field, FieldValue, ObjectType, RecordItem, Values } from '@/api/types';

export interface SampleWords {
  /** What stands in a text field, by its name. */
  text: (field: string) => string;
  person: string;
  user: string;
  company: string;
  word: string;
  file: string;
  city: string;
  street: string;
  country: string;
  currency: string;
}

const PHONE = { value: '+380674401285', display: '+380 67 440 12 85' };

function optionKeys({ settings }: Field): string[] {
  return (settings.options ?? []).filter((option) => option.is_retired !== true).map((option) => option.key);
}

function reference(target: string | undefined, words: SampleWords): { id: number; title: string; type: string } {
  const title = target === 'contact' ? words.company : target === 'user' ? words.user : words.word;
  return { id: 0, title, type: target ?? '' };
}

/** A value as the field would have it. */
export function sampleValue(field: Field, words: SampleWords): FieldValue {
  switch (field.kind) {
    case 'text':
    case 'long_text':
      return words.text(field.name);
    case 'number':
      return Math.max(field.settings.minimum ?? 42, Math.min(42, field.settings.maximum ?? 42));
    case 'money':
      return { amount: 1_500_000, currency: field.settings.currencies?.includes(words.currency) === false ? (field.settings.currencies[0] ?? words.currency) : words.currency };
    case 'checkbox':
      return true;
    case 'date':
      return '1990-03-14';
    case 'date_time':
      return '2026-03-14T09:30:00Z';
    case 'recurrence':
      return 'FREQ=WEEKLY;BYDAY=MO';
    case 'link':
      return 'https://example.com';
    case 'choice':
      return optionKeys(field).includes(words.country) ? words.country : (optionKeys(field)[0] ?? null);
    case 'choice_set':
      return optionKeys(field).slice(0, 2);
    case 'reference':
      return reference(field.settings.target, words);
    case 'reference_set':
      return [reference(field.settings.target, words)];
    case 'file':
      return { id: '', name: words.file, size: 184_320, media_type: 'application/pdf' };
    case 'channels': {
      const label = field.settings.channel_labels?.[0]?.key ?? null;
      return [
        { kind: 'phone', label, ...PHONE, is_primary: true },
        { kind: 'email', label: null, value: 'name@example.com' },
      ];
    }
    case 'addresses':
      return [{ label: field.settings.address_labels?.[0]?.key ?? null, street: words.street, city: words.city, country: words.country }];
    case 'filter':
      return null;
  }
}

export function sampleRecord(type: ObjectType, given: Values, title: string, words: SampleWords): RecordItem {
  const values = Object.fromEntries(type.fields.map((field) => [field.name, sampleValue(field, words)]));
  const at = '2026-03-14T09:30:00Z';
  return {
    id: 42,
    type: type.name,
    version: 1,
    title,
    created_at: at,
    created_by: null,
    updated_at: at,
    updated_by: null,
    deleted_at: null,
    can_edit: false,
    can_delete: false,
    values: { ...values, ...given, [type.title_field]: title },
  };
}
