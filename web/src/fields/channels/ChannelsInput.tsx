import { useState } from 'react';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pointerTokens } from '@/api/errors';
import type { Channel } from '@/api/types';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import type { InputProps } from '../field-ui';
import styles from '../fields.module.css';
import { ProblemText } from '../ProblemText';
import { asChannels } from '../values';
import { changeChannel, newChannel, removeChannel, typedRow } from './channel-rows';

const INPUT_MODES: Readonly<Record<string, 'tel' | 'email' | 'url'>> = { phone: 'tel', email: 'email', website: 'url' };

/** Any number of phones, addresses and messengers, a row each. */
export function ChannelsInput({ id, field, value, onChange, problems, hasAutoFocus, onKeyDown }: InputProps) {
  const { t } = useTranslation('fields');
  const format = useFormat();
  const channels = asChannels(value);
  const kinds = field.settings.kinds ?? [];
  const labels = field.settings.channel_labels ?? [];
  // Who asks for one more number wants to type it.
  const [hasAdded, setHasAdded] = useState(false);
  const add = (kind: string): void => {
    setHasAdded(true);
    onChange([...channels, newChannel(kind, channels)]);
  };
  const change = (index: number, patch: Partial<Channel>): void => onChange(changeChannel(channels, index, patch));

  return (
    <div className={styles.stack} onKeyDown={onKeyDown}>
      {channels.map((channel, index) => {
        const controlId = index === 0 ? id : `${id}-${index}`;
        const own = problems.filter((problem) => typedRow(channels, Number(pointerTokens(problem.pointer)[1])) === index);
        const kind = kinds.find((candidate) => candidate.key === channel.kind);
        return (
          <div key={index} className={styles.channel} role="group" aria-label={t('channels.row', { number: index + 1 })}>
            <div className={styles.channelGrid}>
              <Select
                className={styles.channelKind}
                aria-label={t('channels.kind')}
                value={channel.kind}
                options={kinds.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
                onChange={(key) => change(index, { kind: key, display: undefined })}
              />
              <TextInput
                id={controlId}
                className={styles.channelValue}
                inputMode={INPUT_MODES[channel.kind]}
                aria-label={format.label(kind?.labels) || t('channels.value')}
                aria-describedby={own.length > 0 ? `${controlId}-problem` : undefined}
                isInvalid={own.length > 0}
                autoComplete="off"
                autoFocus={(hasAutoFocus && index === 0) || (hasAdded && index === channels.length - 1 && channel.value === '')}
                value={channel.display ?? channel.value}
                onChange={(event) => change(index, { value: event.target.value, display: undefined })}
              />
              <Select
                className={styles.channelLabel}
                aria-label={t('channels.label')}
                value={channel.label ?? ''}
                emptyLabel={t('channels.no_label')}
                options={labels.map((option) => ({ value: option.key, label: format.label(option.labels) }))}
                onChange={(key) => change(index, { label: key === '' ? null : key })}
              />
              <IconButton
                className={styles.channelRemove}
                label={t('channels.remove')}
                icon={<IconTrash size={16} />}
                onClick={() => onChange(removeChannel(channels, index))}
              />
              <TextInput
                className={styles.channelComment}
                aria-label={t('channels.comment')}
                placeholder={t('channels.comment')}
                value={channel.comment ?? ''}
                onChange={(event) => change(index, { comment: event.target.value === '' ? null : event.target.value })}
              />
              <div className={styles.channelTicks}>
                <Checkbox
                  isChecked={channel.is_primary === true}
                  label={t('channels.primary')}
                  onChange={(isOn) => change(index, { is_primary: isOn })}
                />
                {kind?.is_unique === true && (
                  <Checkbox
                    isChecked={channel.is_shared === true}
                    label={t('channels.shared')}
                    onChange={(isOn) => change(index, { is_shared: isOn })}
                  />
                )}
              </div>
            </div>
            {own.map((problem) => (
              <ProblemText key={problem.pointer + problem.code} id={`${controlId}-problem`} problem={problem} />
            ))}
          </div>
        );
      })}
      <div className={styles.badges}>
        {kinds.slice(0, 2).map((kind) => (
          <Button
            key={kind.key}
            look="dashed"
            size="small"
            icon={<IconPlus size={14} />}
            onClick={() => add(kind.key)}
          >
            {format.label(kind.labels)}
          </Button>
        ))}
        {kinds.length > 2 && (
          <Button
            look="dashed"
            size="small"
            icon={<IconPlus size={14} />}
            onClick={() => add(kinds[2]?.key ?? 'phone')}
          >
            {t('channels.other')}
          </Button>
        )}
      </div>
    </div>
  );
}
