import type { RecordReference } from '@/api/types';

/** What a field of a record holds while somebody types into it: nothing once it is empty, else what stood there, until another is chosen. */
export function valueWhileTyping(text: string, before: RecordReference | null): RecordReference | null {
  return text.trim() === '' ? null : before;
}
