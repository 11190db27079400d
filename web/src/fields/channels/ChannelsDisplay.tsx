import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asChannels } from '../values';
import { ChannelList } from './ChannelList';

/** In a cell the primary channel, else the first; on a card all of them. */
export function ChannelsDisplay({ field, value, isCompact = false }: DisplayProps) {
  const channels = asChannels(value);
  const first = channels.find((channel) => channel.is_primary === true && channel.kind === 'phone') ?? channels[0];
  if (first === undefined) return <Nothing />;
  if (!isCompact) return <ChannelList field={field} channels={channels} />;
  const all = channels.map((channel) => channel.display ?? channel.value);
  return (
    <span className={styles.cut} title={all.join('\n')}>
      <span className={styles.number}>{first.display ?? first.value}</span>
      {channels.length > 1 && <span className={styles.hint}> +{channels.length - 1}</span>}
    </span>
  );
}
