import { IconEyeCheck, IconEyePlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/api/errors';
import { followersQuery, useSetFollower } from '@/api/followers';
import { useSession } from '@/api/session';
import type { ObjectType, RecordItem, RecordReference } from '@/api/types';
import { recordMark } from '@/fields/record-mark';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { UserAvatar } from '@/fields/UserAvatar';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { useShortcuts } from '@/ui/use-shortcuts';
import { classNames } from '@/util/class-names';
import { printFilter } from '@/util/filter-text';
import { FOLLOWED } from '../filter-bar/followed';
import { paths } from '../paths';
import styles from './Followers.module.css';

export interface FollowersProps {
  type: ObjectType;
  record: RecordItem;
}

/** Whether one follows a card and how many do; a press says who, and lets one follow or stop. F does it at once. */
export function Followers({ type, record }: FollowersProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { user } = useSession();
  const { data: list } = useQuery(followersQuery(type.name, record.id));
  const set = useSetFollower(type.name, record.id);
  const me: RecordReference = { id: user.id, title: user.name, type: 'user' };

  function change(whom: RecordReference, follows: boolean, isUndo = false): void {
    const isOwn = whom.id === me.id;
    set.mutateAsync({ user: whom, follows, isOwn }).then(
      () => {
        const undo = isUndo ? null : { label: t('undo'), onPress: () => change(whom, !follows, true) };
        const done = isOwn ? t(follows ? 'followers.follows' : 'followers.stopped') : t(follows ? 'followers.added' : 'followers.removed', { name: whom.title });
        showToast(done, { action: undo });
      },
      (error: unknown) => showToast(errorText(error), { tone: 'error' }),
    );
  }

  const isFollowing = list?.is_following === true;
  useShortcuts({ KeyF: () => list !== undefined && change(me, !isFollowing) });
  if (list === undefined) return null;
  const count = list.items.length;
  const Icon = isFollowing ? IconEyeCheck : IconEyePlus;
  const label = [t(isFollowing ? 'followers.you_follow' : 'followers.follow_title'), t('followers.count', { count })].join('. ');
  return (
    <Popover
      label={t('followers.title')}
      placement="bottom-end"
      className={styles.popover}
      trigger={
        <button type="button" className={classNames(styles.sign, isFollowing && styles.following)} aria-label={label} title={label} aria-keyshortcuts="F">
          <Icon size={16} aria-hidden="true" />
          {count > 0 && <span className={styles.count}>{format.number(count)}</span>}
        </button>
      }
    >
      {() => (
        <div className={styles.sheet}>
          <div className={styles.head}>
            <p className={styles.hint}>{t('followers.hint')}</p>
            <Button size="small" look={isFollowing ? 'normal' : 'primary'} onClick={() => change(me, !isFollowing)}>
              {t(isFollowing ? 'followers.stop' : 'followers.follow')}
            </Button>
          </div>
          {count > 0 && (
            <ul className={styles.people} aria-label={t('followers.title')}>
              {list.items.map((person) => (
                <li key={person.id} className={styles.person} {...recordMark(person.type, person.id)}>
                  <UserAvatar id={person.id} title={person.title} />
                  <span className={styles.name} title={person.title}>
                    {person.title}
                  </span>
                  {list.may_choose && person.id !== me.id && (
                    <IconButton size="small" label={t('followers.remove', { name: person.title })} icon={<IconX size={14} />} onClick={() => change(person, false)} />
                  )}
                </li>
              ))}
            </ul>
          )}
          {list.may_choose && (
            <RecordPicker
              id="follower"
              target="user"
              filter="is_active = true"
              value={null}
              label={t('followers.add')}
              placeholder={t('followers.add')}
              chosenIds={list.items.map(({ id }) => id)}
              onChange={(person) => {
                if (person !== null && !list.items.some(({ id }) => id === person.id)) change(person, true);
              }}
            />
          )}
          {isFollowing && (
            <Link {...paths.list(type.name, { filter: printFilter([FOLLOWED]) })} className={styles.all}>
              {t('followers.all')}
            </Link>
          )}
        </div>
      )}
    </Popover>
  );
}
