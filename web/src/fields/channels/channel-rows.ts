/** Pure changes of the list of channels. One of each kind is primary: the last one marked. */
import type { Channel } from '@/api/types';

export function newChannel(kind: string, channels: readonly Channel[]): Channel {
  return { kind, label: null, value: '', is_primary: !channels.some((channel) => channel.kind === kind), is_shared: false, comment: null };
}

export function changeChannel(channels: readonly Channel[], index: number, patch: Partial<Channel>): Channel[] {
  const changed = { ...channels[index], ...patch } as Channel;
  return channels.map((channel, at) => {
    if (at === index) return changed;
    return changed.is_primary === true && channel.kind === changed.kind ? { ...channel, is_primary: false } : channel;
  });
}

/** Rows nobody filled in are not sent, so the server counts without them: its row → the row of the form, -1 if there is none. */
export function typedRow(channels: readonly Channel[], sentRow: number): number {
  const sent = channels.flatMap((channel, at) => (channel.value === '' ? [] : [at]));
  return sent[sentRow] ?? -1;
}

export function removeChannel(channels: readonly Channel[], index: number): Channel[] {
  const removed = channels[index];
  const left = channels.filter((_, at) => at !== index);
  if (removed?.is_primary !== true) return left;
  const heir = left.findIndex((channel) => channel.kind === removed.kind);
  return left.map((channel, at) => (at === heir ? { ...channel, is_primary: true } : channel));
}
