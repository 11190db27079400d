import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { Calendar } from '@/fields/date/Calendar';
import { UserAvatar } from '@/fields/UserAvatar';
import { activeUsersQuery } from '@/records/users';
import { Checkbox } from '@/ui/Checkbox';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import type { CalendarType } from './entries';
import { MOST_PEOPLE, toneOfPerson, type Settings } from './settings';
import styles from './Side.module.css';

export interface SideProps {
  day: string;
  today: string;
  onDay: (day: string) => void;
  users: readonly number[];
  onUsers: (users: readonly number[]) => void;
  types: readonly CalendarType[];
  settings: Settings;
  onSettings: (settings: Settings) => void;
}

/** So many people are offered without a search. */
const SHOWN = 8;

/** Beside the calendar: a month to jump in, whose time is shown, and what of it. */
export function Side({ day, today, onDay, users, onUsers, types, settings, onSettings }: SideProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const { user } = useSession();
  const all = useQuery(activeUsersQuery).data ?? [];
  const [month, setMonth] = useState(day);
  const [shownFor, setShownFor] = useState(day);
  const [typed, setTyped] = useState('');
  if (shownFor !== day) {
    setShownFor(day);
    setMonth(day);
  }
  const words = typed.trim().toLocaleLowerCase(format.language);
  const others = all.filter(({ id }) => id !== user.id);
  const found = others.filter(({ title, id }) => (words === '' ? users.includes(id) : title.toLocaleLowerCase(format.language).includes(words)));
  const more = words === '' ? others.filter(({ id }) => !users.includes(id)).slice(0, Math.max(0, SHOWN - found.length)) : [];

  function toggle(id: number, isShown: boolean): void {
    const next = isShown ? [...users, id] : users.filter((one) => one !== id);
    onUsers(next.length === 0 ? [user.id] : next.slice(0, MOST_PEOPLE));
  }
  function hide(name: string, isShown: boolean): void {
    onSettings({ ...settings, hidden: isShown ? settings.hidden.filter((one) => one !== name) : [...settings.hidden, name] });
  }
  const person = (id: number, title: string, isMe: boolean) => (
    <li key={id} className={styles.person} data-tone={toneOfPerson(users, id)}>
      <Checkbox
        isChecked={users.includes(id)}
        disabled={!users.includes(id) && users.length >= MOST_PEOPLE}
        label={
          <span className={styles.who}>
            <UserAvatar id={id} title={title} size="small" />
            <span className={styles.cut} title={title}>
              {isMe ? t('me', { name: title }) : title}
            </span>
            {users.length > 1 && users.includes(id) && <span className={styles.dot} aria-hidden="true" />}
          </span>
        }
        onChange={(isShown) => toggle(id, isShown)}
      />
    </li>
  );

  return (
    <aside className={styles.side} aria-label={t('side')}>
      <Calendar id="calendar-side" active={month} chosen={day} today={today} onMove={setMonth} onChoose={onDay} />
      <section aria-labelledby="calendar-people">
        <h2 id="calendar-people" className={styles.heading}>
          {t('people')}
        </h2>
        {others.length > SHOWN && <TextInput type="search" aria-label={t('find_people')} placeholder={t('find_people')} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        <ul className={styles.list}>
          {person(user.id, user.name, true)}
          {[...found, ...more].map(({ id, title }) => person(id, title, false))}
        </ul>
        {words !== '' && found.length === 0 && <p className={styles.nobody}>{t('nobody')}</p>}
      </section>
      <section aria-labelledby="calendar-shown">
        <h2 id="calendar-shown" className={styles.heading}>
          {t('shown')}
        </h2>
        <ul className={styles.list}>
          {types.map(({ type }) => (
            <li key={type.name}>
              <Checkbox isChecked={!settings.hidden.includes(type.name)} label={format.label(type.labels_plural)} onChange={(isShown) => hide(type.name, isShown)} />
            </li>
          ))}
          <li>
            <Checkbox isChecked={!settings.isOpenOnly} label={t('show_done')} onChange={(isShown) => onSettings({ ...settings, isOpenOnly: !isShown })} />
          </li>
        </ul>
      </section>
    </aside>
  );
}
