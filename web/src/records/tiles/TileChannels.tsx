import { useTranslation } from 'react-i18next';
import { ChannelIcon } from '@/fields/channels/ChannelIcon';
import { channelLink } from '@/fields/channels/channel-link';
import { useFormat } from '@/ui/use-format';
import styles from './RecordTiles.module.css';
import type { TileContent } from './tile-content';

/** Ways to reach somebody, a line each; the value itself calls or writes. */
export function TileChannels({ channels, hidden }: Pick<TileContent, 'channels' | 'hidden'>) {
  const { t } = useTranslation(['fields', 'records']);
  const format = useFormat();
  return (
    <ul className={styles.channels}>
      {channels.map(({ field, channel }, index) => {
        const kind = field.settings.kinds?.find((candidate) => candidate.key === channel.kind);
        const label = field.settings.channel_labels?.find((candidate) => candidate.key === channel.label);
        const text = channel.display ?? channel.value;
        const link = channelLink(channel, kind);
        const notes = [label === undefined ? '' : format.label(label.labels), channel.comment ?? ''].filter((part) => part !== '');
        const isLast = index === channels.length - 1;
        return (
          <li key={channel.id ?? index} className={styles.channel}>
            <ChannelIcon kind={channel.kind} size={16} className={styles.channelIcon} role="img" aria-label={format.label(kind?.labels)} />
            {link === null ? (
              <span className={styles.channelText} title={[text, ...notes].join(' · ')}>
                {text}
              </span>
            ) : (
              <a
                className={styles.channelText}
                href={link}
                rel="noopener noreferrer"
                target={link.startsWith('http') ? '_blank' : undefined}
                tabIndex={-1}
                aria-label={t(channel.kind === 'phone' ? 'fields:channels.call' : 'fields:channels.write', { value: text })}
                title={[t(channel.kind === 'phone' ? 'fields:channels.call' : 'fields:channels.write', { value: text }), ...notes].join(' · ')}
              >
                {text}
              </a>
            )}
            {isLast && hidden.length > 0 && (
              <span
                className={styles.more}
                title={hidden.map((other) => other.display ?? other.value).join('\n')}
                aria-label={t('records:tiles.more_channels', { count: hidden.length })}
                role="note"
              >
                +{hidden.length}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
