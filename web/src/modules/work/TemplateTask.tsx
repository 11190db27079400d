import { IconChevronRight, IconGripVertical, IconListCheck, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import { asReference, asText } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/IconButton';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { dragItem } from './checklist-drag';
import { linesOf } from './checklist-places';
import { TemplateTaskDetails } from './TemplateTaskDetails';
import styles from './TemplateTasks.module.css';
import { whenText } from './template-words';
import { useTemplateLine } from './use-template-line';

export interface TemplateTaskProps {
  type: ObjectType;
  /** The type of what is made: its categories are those of the line. */
  tasks: ObjectType;
  item: RecordItem;
  isOpen: boolean;
  canWrite: boolean;
  onToggle: () => void;
  onMove: (by: number) => void;
  onDrop: (id: number) => void;
  onRemove: () => void;
}

/** One task of a template: what it says in a row, and everything behind the arrow. */
export function TemplateTask({ type, tasks, item, isOpen, canWrite, onToggle, onMove, onDrop, onRemove }: TemplateTaskProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const row = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLSpanElement>(null);
  const drop = useRef(onDrop);
  const [typed, setTyped] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const line = useTemplateLine(item);
  const { values } = item;
  const category = tasks.fields.find(({ name }) => name === 'category')?.settings.options?.find(({ key }) => key === values.category);
  const steps = linesOf(asText(values.checklist)).length;
  const role = asText(values.responsible_role);
  const who = role === 'user' ? (asReference(values.responsible)?.title ?? '') : t(role === 'record' ? 'templates.who.record' : 'templates.who.starter');

  useEffect(() => {
    drop.current = onDrop;
  });
  useEffect(() => {
    if (row.current === null || grip.current === null) return undefined;
    return dragItem(row.current, grip.current, item.id, setIsOver, (id) => drop.current(id));
  }, [item.id]);

  function save(): void {
    const next = typed?.trim() ?? '';
    if (next !== '' && next !== item.title) line.save({ title: next });
    setTyped(null);
  }

  function press(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) onMove(event.key === 'ArrowUp' ? -1 : 1);
    else if (event.key === 'Enter') event.currentTarget.blur();
    else if (event.key === 'Escape' && typed !== null) setTyped(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <li ref={row} className={classNames(styles.item, isOpen && styles.open, isOver && styles.over)} aria-label={item.title}>
      <div className={styles.row}>
        {canWrite && (
          <span ref={grip} className={styles.grip} title={t('checklist.drag')}>
            <IconGripVertical size={14} aria-hidden="true" />
          </span>
        )}
        <button type="button" className={styles.toggle} aria-expanded={isOpen} aria-label={t('templates.details', { name: item.title })} onClick={onToggle}>
          <IconChevronRight size={14} aria-hidden="true" />
        </button>
        {canWrite ? (
          <input
            className={styles.title}
            value={typed ?? item.title}
            title={item.title}
            aria-label={t('templates.task', { name: item.title })}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={save}
            onKeyDown={press}
          />
        ) : (
          <span className={styles.title} title={item.title}>
            {item.title}
          </span>
        )}
        <button type="button" className={styles.summary} tabIndex={-1} onClick={onToggle}>
          {category !== undefined && <Badge color={category.color}>{format.label(category.labels)}</Badge>}
          {steps > 0 && (
            <span className={styles.steps}>
              <IconListCheck size={14} aria-hidden="true" />
              {format.number(steps)}
            </span>
          )}
          <span className={styles.who} title={who}>
            {who}
          </span>
          <span className={styles.when}>{whenText(t, format.clock, values)}</span>
        </button>
        {canWrite && <IconButton size="small" className={styles.remove} label={t('templates.remove', { name: item.title })} icon={<IconTrash size={14} />} onClick={onRemove} />}
      </div>
      {isOpen && <TemplateTaskDetails type={type} tasks={tasks} item={item} line={line} isReadOnly={!canWrite} />}
    </li>
  );
}
