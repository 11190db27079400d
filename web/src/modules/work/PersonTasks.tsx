import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconArrowForwardUp, IconGripVertical } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordPageQuery } from '@/api/records';
import type { RecordItem } from '@/api/types';
import { asText } from '@/fields/values';
import { paths } from '@/records/paths';
import { activeUsersQuery } from '@/records/users';
import { IconButton } from '@/ui/IconButton';
import { OptionPicker } from '@/ui/OptionPicker';
import { Popover } from '@/ui/Popover';
import { Skeleton } from '@/ui/Skeleton';
import { useFormat } from '@/ui/use-format';
import type { HandOver } from './use-hand-over';
import styles from './Workload.module.css';

const MOST = 50;

interface Person {
  id: number;
  title: string;
}

export interface DraggedTask {
  record: RecordItem;
  from: number;
}

/** What is dragged, if it is a task of somebody. */
export function draggedTask(data: Record<string | symbol, unknown>): DraggedTask | null {
  return (data.workloadTask as DraggedTask | undefined) ?? null;
}

/** The open tasks of somebody by deadline; each can be dragged to another person, or handed to him by its menu. */
export function PersonTasks({ user, onHandOver }: { user: Person; onHandOver: HandOver }) {
  const { t } = useTranslation('work');
  const filter = `responsible = ${user.id} and status.meaning = open`;
  const { data, isPending } = useQuery(recordPageQuery('task', { filter, sort: 'deadline', fields: 'title,deadline,contact,responsible' }, MOST));
  if (isPending) return <Skeleton lines={3} label={t('loading')} />;
  const items = data?.items ?? [];
  if (items.length === 0) return <p className={styles.noTasks}>{t('load.no_tasks')}</p>;
  return (
    <ul className={styles.tasks} aria-label={t('load.tasks_of', { name: user.title })}>
      {items.map((task) => (
        <TaskLine key={task.id} task={task} user={user} onHandOver={onHandOver} />
      ))}
      {data?.next_cursor != null && (
        <li className={styles.rest}>
          <Link {...paths.list('task', { filter })}>{t('load.all_tasks')}</Link>
        </li>
      )}
    </ul>
  );
}

function TaskLine({ task, user, onHandOver }: { task: RecordItem; user: Person; onHandOver: HandOver }) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const line = useRef<HTMLLIElement>(null);
  const [isDragged, setIsDragged] = useState(false);
  const people = useQuery(activeUsersQuery).data ?? [];
  const canEdit = task.can_edit === true;
  useEffect(() => {
    if (line.current === null) return;
    return draggable({
      element: line.current,
      canDrag: () => canEdit,
      getInitialData: () => ({ workloadTask: { record: task, from: user.id } satisfies DraggedTask }),
      onDragStart: () => setIsDragged(true),
      onDrop: () => setIsDragged(false),
    });
  }, [task, user.id, canEdit]);
  const deadline = asText(task.values.deadline);
  const isLate = deadline !== '' && Date.parse(deadline) < Date.now();
  return (
    <li ref={line} className={styles.task} data-dragged={isDragged || undefined}>
      {canEdit && <IconGripVertical size={16} className={styles.grip} aria-hidden="true" />}
      <Link {...paths.card('task', task.id)} draggable={false} className={styles.taskName} title={task.title}>
        {task.title}
      </Link>
      {deadline !== '' && (
        <time className={styles.taskBy} data-late={isLate || undefined} dateTime={deadline} title={format.instant(deadline)}>
          {format.recent(deadline)}
        </time>
      )}
      {canEdit && (
        <Popover
          label={t('load.hand', { name: task.title })}
          placement="bottom-end"
          trigger={<IconButton size="small" label={t('load.hand', { name: task.title })} icon={<IconArrowForwardUp size={16} />} />}
        >
          {(close) => (
            <div className={styles.hand}>
              <OptionPicker
                hasAutoFocus
                aria-label={t('load.to_whom')}
                value=""
                emptyLabel={t('load.to_whom')}
                options={people.filter(({ id }) => id !== user.id).map(({ id, title }) => ({ value: String(id), label: title }))}
                onChange={(chosen) => {
                  const to = people.find(({ id }) => String(id) === chosen);
                  if (to === undefined) return;
                  close();
                  onHandOver(task, { id: to.id, title: to.title });
                }}
              />
            </div>
          )}
        </Popover>
      )}
    </li>
  );
}
