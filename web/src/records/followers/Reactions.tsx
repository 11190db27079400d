import { IconMoodPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { REACTIONS, useSetReaction, type Reaction, type ReactionKey } from '@/api/followers';
import { useSession } from '@/api/session';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './Reactions.module.css';

const KEYS = Object.keys(REACTIONS) as ReactionKey[];

export interface ReactionsProps {
  kind: string;
  id: number;
  reactions: readonly Reaction[];
}

/** The reactions to a note: a press adds one's own or takes it back. */
export function Reactions({ kind, id, reactions }: ReactionsProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { user } = useSession();
  const set = useSetReaction(kind);

  function press(reaction: ReactionKey): void {
    const isOn = reactions.find((one) => one.reaction === reaction)?.is_own !== true;
    set.mutate(
      { id, reaction, isOn, me: { id: user.id, title: user.name, type: 'user' } },
      { onError: (error) => showToast(errorText(error), { tone: 'error' }) },
    );
  }

  return (
    <div className={styles.reactions} role="group" aria-label={t('reactions.title')} data-empty={reactions.length === 0 || undefined}>
      {reactions.map(({ reaction, users, is_own: isOwn }) => {
        const names = format.list(users.map((one) => one.title).filter(Boolean));
        const label = t('reactions.of', { reaction: t(`reactions.${reaction}`), count: users.length, names });
        return (
          <button key={reaction} type="button" className={styles.reaction} aria-pressed={isOwn} aria-label={label} title={names} onClick={() => press(reaction)}>
            <span aria-hidden="true">{REACTIONS[reaction]}</span>
            <span className={styles.count} aria-hidden="true">
              {format.number(users.length)}
            </span>
          </button>
        );
      })}
      <Popover
        label={t('reactions.choose')}
        className={styles.popover}
        trigger={<IconButton size="small" className={styles.add} label={t('reactions.choose')} icon={<IconMoodPlus size={16} />} />}
      >
        {(close) => (
          <div className={styles.choice}>
            {KEYS.map((reaction) => (
              <button
                key={reaction}
                type="button"
                className={styles.sign}
                aria-label={t(`reactions.${reaction}`)}
                title={t(`reactions.${reaction}`)}
                aria-pressed={reactions.find((one) => one.reaction === reaction)?.is_own === true}
                onClick={() => {
                  close();
                  press(reaction);
                }}
              >
                {REACTIONS[reaction]}
              </button>
            ))}
          </div>
        )}
      </Popover>
    </div>
  );
}
