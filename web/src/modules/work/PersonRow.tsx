import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOAD_COUNTS, type LoadDay, type PersonLoad } from '@/api/workload';
import { UserAvatar } from '@/fields/UserAvatar';
import { paths } from '@/records/paths';
import { useFormat } from '@/ui/use-format';
import { filterOf, fullness } from './load-words';
import { draggedTask, PersonTasks } from './PersonTasks';
import type { HandOver } from './use-hand-over';
import styles from './Workload.module.css';

const COLUMNS = 1 + LOAD_COUNTS.length + 7;

export interface PersonRowProps {
  load: PersonLoad;
  now: Date;
  today: string;
  isOpen: boolean;
  onToggle: () => void;
  onHandOver: HandOver;
}

/** A person: his numbers, each opening its list, and his week; below it, when opened, his tasks. A task can be dropped on him. */
export function PersonRow({ load, now, today, isOpen, onToggle, onHandOver }: PersonRowProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const body = useRef<HTMLTableSectionElement>(null);
  const [isTarget, setIsTarget] = useState(false);
  const { user } = load;
  const name = user.title ?? '—';
  const give = useRef(onHandOver);
  useEffect(() => {
    give.current = onHandOver;
  });
  useEffect(() => {
    if (body.current === null) return;
    return dropTargetForElements({
      element: body.current,
      canDrop: ({ source }) => {
        const task = draggedTask(source.data);
        return task !== null && task.from !== user.id;
      },
      onDragEnter: () => setIsTarget(true),
      onDragLeave: () => setIsTarget(false),
      onDrop: ({ source }) => {
        setIsTarget(false);
        const task = draggedTask(source.data);
        if (task !== null) give.current(task.record, { id: user.id, title: name });
      },
    });
  }, [user.id, name]);

  return (
    <tbody ref={body} className={styles.body} data-target={isTarget || undefined} data-user={user.id}>
      <tr>
        <th scope="row" className={styles.who}>
          <button type="button" className={styles.person} aria-expanded={isOpen} onClick={onToggle} title={name}>
            {isOpen ? <IconChevronDown size={16} aria-hidden="true" /> : <IconChevronRight size={16} aria-hidden="true" />}
            <UserAvatar id={user.id} title={name} size="small" />
            <span className={styles.personName}>{name}</span>
          </button>
        </th>
        {LOAD_COUNTS.map((count) => (
          <td key={count} className={styles.number} data-count={count} data-label={t(`load.counts.${count}`)}>
            {load.counts[count] === 0 ? (
              <span className={styles.zero}>0</span>
            ) : (
              <Link
                {...paths.list('task', { filter: filterOf(user.id, count, format.timeZone, now) })}
                className={styles.count}
                aria-label={t('load.opens', { name, part: t(`load.counts.${count}`), count: load.counts[count] })}
              >
                {format.number(load.counts[count])}
                {load.is_capped && '+'}
              </Link>
            )}
          </td>
        ))}
        {load.days.map((day) => (
          <DayCell key={day.date} day={day} isToday={day.date === today} isPast={day.date < today} user={user.id} />
        ))}
      </tr>
      {isOpen && (
        <tr className={styles.tasksRow}>
          <td colSpan={COLUMNS}>
            <PersonTasks user={{ id: user.id, title: name }} onHandOver={onHandOver} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** How full a day is; a press shows it in the calendar. */
function DayCell({ day, isToday, isPast, user }: { day: LoadDay; isToday: boolean; isPast: boolean; user: number }) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const hours = (minutes: number): string => t('load.hours', { hours: format.number(Math.round(minutes / 6) / 10) });
  const planned = day.planned_minutes === 0 ? t('load.nothing_planned') : t('load.planned', { hours: hours(day.planned_minutes) });
  const weekday = new Intl.DateTimeFormat(format.language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(day.date));
  const working = day.working_minutes === null ? '' : day.working_minutes === 0 ? t('load.day_off') : t('load.of', { hours: hours(day.working_minutes) });
  const label = [format.date(day.date), day.name ?? '', planned, working].filter((part) => part !== '').join(', ');
  return (
    <td className={styles.day} data-label={weekday} data-today={isToday || undefined}>
      <Link {...paths.calendar({ view: 'day', day: day.date, users: String(user) })} className={styles.cell} data-full={fullness(day)} data-past={isPast || undefined} title={label} aria-label={label}>
        {day.planned_minutes > 0 && hours(day.planned_minutes)}
      </Link>
    </td>
  );
}
