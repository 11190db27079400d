/** The number to call and the address to write to, from the channels of a record. */
import type { Channel, Field, RecordItem } from '@/api/types';
import { channelLink } from '@/fields/channels/channel-link';
import { asChannels } from '@/fields/values';

export interface Reach {
  /** As people read it. */
  text: string;
  link: string;
}

function reachOf(record: Pick<RecordItem, 'values'>, fields: readonly Field[], kindKey: string): Reach | null {
  const found = fields.flatMap((field) => {
    const kind = field.settings.kinds?.find((candidate) => candidate.key === kindKey);
    return asChannels(record.values[field.name])
      .filter((channel) => channel.kind === kindKey)
      .map((channel) => ({ channel, link: channelLink(channel, kind) }));
  });
  const usable = found.filter((entry): entry is { channel: Channel; link: string } => entry.link !== null);
  const chosen = usable.find(({ channel }) => channel.is_primary === true) ?? usable[0];
  return chosen === undefined ? null : { text: chosen.channel.display ?? chosen.channel.value, link: chosen.link };
}

/** The primary phone and e-mail, else the first of each. */
export function waysToReach(record: Pick<RecordItem, 'values'>, fields: readonly Field[]): { phone: Reach | null; email: Reach | null } {
  const channels = fields.filter((field) => field.kind === 'channels');
  return { phone: reachOf(record, channels, 'phone'), email: reachOf(record, channels, 'email') };
}
