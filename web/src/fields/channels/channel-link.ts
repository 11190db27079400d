import type { Channel, ChannelKind } from '@/api/types';

/** The address that calls or writes to a channel; null when there is none to follow. */
export function channelLink(channel: Channel, kind: ChannelKind | undefined): string | null {
  const prefix = kind?.links;
  if (!prefix) return null;
  // The prefix comes from the catalog; a value that brings its own scheme must not override it.
  if (!/^(tel:|mailto:|https?:\/\/|skype:|viber:|tg:)/i.test(prefix)) return null;
  if (/^https?:/i.test(channel.value)) return channel.value;
  if (prefix === 'tel:' || prefix === 'mailto:') return prefix + channel.value;
  return prefix + encodeURIComponent(channel.value.replace(/^@/, ''));
}
