/** What stands on a tile: a few lines of main data, the same number of places for everyone. */
import type { Channel, Field, ObjectType, RecordItem } from '@/api/types';
import { asChannels } from '@/fields/values';
import { hoverFields } from '../hover/hover-fields';
import { hoverNames } from '../hover/hover-names';

/** Lines below the title that a tile has room for. */
export const MOST_LINES = 3;

export interface TileChannel {
  field: Field;
  channel: Channel;
}

export interface TileContent {
  /** Fields of one line each, below the title. */
  lines: Field[];
  channels: TileChannel[];
  /** Channels that found no room. */
  hidden: Channel[];
}

type TileType = Pick<ObjectType, 'fields' | 'title_field' | 'layout'>;

/** The places that the tiles of a type need; they are of one height, so that the eye finds the same thing in the same place. */
export function tilePlaces(type: TileType, mostChannels: number): { lines: number; channels: number } {
  const chosen = hoverNames(type.layout.hover)
    .map((name) => type.fields.find((field) => field.name === name))
    .filter((field) => field !== undefined && !field.is_retired && field.name !== type.title_field);
  const lines = chosen.filter((field) => field?.kind !== 'channels').length;
  return { lines: Math.min(MOST_LINES, lines), channels: lines === chosen.length ? 0 : mostChannels };
}

/** Phones come first, then e-mails: the later of a kind give way to the first of another. */
function rank(channel: Channel, ownKind: readonly Channel[]): number {
  const primaryFirst = [...ownKind].sort((one, other) => Number(other.is_primary === true) - Number(one.is_primary === true));
  return primaryFirst.indexOf(channel) + (channel.kind === 'phone' || channel.kind === 'email' ? 0 : 2);
}

function kindOrder({ channel }: TileChannel): number {
  return channel.kind === 'phone' ? 0 : channel.kind === 'email' ? 1 : 2;
}

export function tileContent(type: TileType, record: Pick<RecordItem, 'values'>, mostChannels: number): TileContent {
  const fields = hoverFields(type, type.layout.hover, record.values);
  const ranked = fields
    .filter((field) => field.kind === 'channels')
    .flatMap((field) => {
      const all = asChannels(record.values[field.name]);
      return all.map((channel) => ({ field, channel, rank: rank(channel, all.filter((other) => other.kind === channel.kind)) }));
    })
    .sort((one, other) => one.rank - other.rank || kindOrder(one) - kindOrder(other));
  const channels = ranked.slice(0, mostChannels).sort((one, other) => kindOrder(one) - kindOrder(other));
  return {
    lines: fields.filter((field) => field.kind !== 'channels').slice(0, MOST_LINES),
    channels: channels.map(({ field, channel }) => ({ field, channel })),
    hidden: ranked.slice(mostChannels).map(({ channel }) => channel),
  };
}
