import { IconCopy, IconMessage, IconPhone, IconSend, IconStarFilled, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Channel, Field } from '@/api/types';
import { copyText } from '@/ui/copy-text';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { ChannelIcon } from './ChannelIcon';
import styles from './ChannelList.module.css';
import { channelLink } from './channel-link';

/** All channels of a card with what can be done with each: call, write, copy. */
export function ChannelList({ field, channels }: { field: Field; channels: readonly Channel[] }) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  return (
    <ul className={styles.list}>
      {channels.map((channel, index) => {
        const kind = field.settings.kinds?.find((candidate) => candidate.key === channel.kind);
        const label = field.settings.channel_labels?.find((candidate) => candidate.key === channel.label);
        const text = channel.display ?? channel.value;
        const link = channelLink(channel, kind);
        const kindLabel = format.label(kind?.labels);
        return (
          <li key={channel.id ?? index} className={styles.item}>
            <ChannelIcon kind={channel.kind} size={16} className={styles.icon} aria-label={kindLabel} role="img" />
            <span className={styles.value}>
              <span className={styles.text}>{channel.kind === 'email' ? <EmailText text={text} /> : text}</span>
              {channel.is_primary === true && channels.filter((other) => other.kind === channel.kind).length > 1 && (
                <IconStarFilled size={12} className={styles.mark} role="img" aria-label={t('channels.primary')} />
              )}
              {channel.is_shared === true && (
                <IconUsers size={14} className={styles.mark} role="img" aria-label={t('channels.shared')} />
              )}
              {(label !== undefined || channel.comment) && (
                <span className={styles.note}>
                  {[label === undefined ? '' : format.label(label.labels), channel.comment ?? ''].filter((part) => part !== '').join(' · ')}
                </span>
              )}
            </span>
            <span className={styles.actions}>
              <IconButton
                size="small"
                className={styles.quiet}
                label={t('channels.copy', { value: text })}
                icon={<IconCopy size={16} />}
                onClick={(event) => {
                  event.stopPropagation();
                  void copyText(channel.value, t('channels.copied', { value: text }));
                }}
              />
              {link !== null && (
                <a
                  className={styles.link}
                  href={link}
                  rel="noopener noreferrer"
                  target={link.startsWith('http') ? '_blank' : undefined}
                  aria-label={t(channel.kind === 'phone' ? 'channels.call' : 'channels.write', { value: text })}
                  title={t(channel.kind === 'phone' ? 'channels.call' : 'channels.write', { value: text })}
                  onClick={(event) => event.stopPropagation()}
                >
                  {channel.kind === 'phone' ? <IconPhone size={16} /> : channel.kind === 'email' ? <IconSend size={16} /> : <IconMessage size={16} />}
                </a>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Where the place is too narrow, an address breaks behind the `@` rather than within a word. */
function EmailText({ text }: { text: string }) {
  const at = text.indexOf('@') + 1;
  return (
    <>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </>
  );
}
