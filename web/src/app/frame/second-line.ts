/** What tells namesakes apart below a title: the company, then the first phone or e-mail and the city. */
import type { ObjectType, RecordItem } from '@/api/types';
import { asAddresses, asChannels } from '@/fields/values';

/** The fields that the second line is read from, for a query. */
export function secondLineFields(type: ObjectType | undefined): string {
  const kinds = ['channels', 'addresses'];
  return (type?.fields ?? [])
    .filter((field) => kinds.includes(field.kind))
    .map((field) => field.name)
    .join(',');
}

/** `matched` is shown beside the line, so it is not said twice. */
export function secondLine(subtitle: string | null, record: RecordItem | undefined, type: ObjectType | undefined, matched: string | null): string {
  const values = (kind: string): unknown[] => (type?.fields ?? []).filter((field) => field.kind === kind).map((field) => record?.values[field.name]);
  const channels = values('channels').flatMap((value) => asChannels(value as never));
  const channel = channels.find((candidate) => candidate.is_primary) ?? channels[0];
  const addresses = values('addresses').flatMap((value) => asAddresses(value as never));
  const city = addresses.find((address) => address.city != null && address.city !== '')?.city;
  const number = channel?.display ?? channel?.value;
  return [subtitle, number, city].filter((part) => part != null && part !== '' && part !== matched).join(' · ');
}
