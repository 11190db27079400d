import { IconArrowRight, IconCalendarWeek, IconClockPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType, RecordItem } from '@/api/types';
import type { WorkItem, WorkPart } from '@/api/work';
import { recordMark } from '@/fields/record-mark';
import { fieldKind } from '@/fields/registry';
import { isEmptyValue } from '@/fields/values';
import { DoneTick } from '@/records/done/DoneTick';
import { doneField, isDone } from '@/records/done/done';
import { cellValue } from '@/records/list/cell-value';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { useFormat } from '@/ui/use-format';
import { useNarrow } from '@/ui/use-narrow';
import { classNames } from '@/util/class-names';
import { dayOf } from '@/util/format';
import { MOVES, type Move } from './use-move';
import styles from './MyDay.module.css';

const MOVE_ICONS = { tomorrow: IconArrowRight, three_days: IconClockPlus, next_week: IconCalendarWeek };
/** What stands behind the title, where a type has it. */
const NOTES = ['contact', 'category', 'stage', 'budget'];

export interface DayRowProps {
  item: WorkItem;
  part: WorkPart;
  type: ObjectType | undefined;
  isOpen: boolean;
  onOpen: () => void;
  onChanged: (record: RecordItem) => void;
  onMove: (move: Move) => void;
}

/** Something to do: its tick, what it is about, when it is due, and where to it can be put off. */
export function DayRow({ item, part, type, isOpen, onOpen, onChanged, onMove }: DayRowProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const isNarrow = useNarrow();
  const { record, field, by } = item;
  if (type === undefined) return null;
  const done = doneField(type);
  const isClosed = done !== undefined && isDone(done, record.values[done.name]);
  const isDay = type.fields.some((candidate) => candidate.name === field && candidate.kind === 'date');
  const notes = NOTES.flatMap((name) => type.fields.filter((candidate) => candidate.name === name && !isEmptyValue(cellValue(record, name))));
  return (
    <li
      className={classNames(styles.row, isOpen && styles.open, isClosed && styles.closed)}
      data-work={`${record.type}-${record.id}`}
      tabIndex={0}
      aria-label={record.title}
      onClick={(event) => {
        if ((event.target as Element).closest('a, button') === null) onOpen();
      }}
    >
      <span className={styles.sign}>
        {done === undefined ? (
          <CatalogIcon name={type.icon} size={16} role="img" aria-label={format.label(type.labels)} />
        ) : (
          <DoneTick type={type} record={record} isOutOfTabOrder onChanged={onChanged} />
        )}
      </span>
      <span className={styles.name} title={record.title} {...recordMark(record.type, record.id)}>
        {record.title}
      </span>
      <span className={styles.notes}>
        {notes.map((note) => {
          const { Display } = fieldKind(note.kind);
          return (
            <span key={note.name} className={classNames(styles.note, styles[note.name])} title={format.label(note.labels)}>
              <Display field={note} value={cellValue(record, note.name)} isCompact />
            </span>
          );
        })}
      </span>
      <time className={classNames(styles.by, part === 'overdue' && !isClosed && styles.late)} dateTime={by ?? undefined} title={by === null ? undefined : format.instant(by)}>
        {by !== null && when(by, part, isDay, format)}
      </time>
      {record.can_edit && !isClosed && isNarrow && (
        <Menu
          trigger={<IconButton tabIndex={-1} className={styles.off} label={t('put_off', { name: record.title })} icon={<IconClockPlus size={16} />} />}
          items={MOVES.map(({ key }) => ({ key, label: t(`moves.${key}`), onSelect: () => onMove(key) }))}
        />
      )}
      {record.can_edit && !isClosed && !isNarrow && (
        <span className={styles.moves}>
          {MOVES.map(({ key, sign }) => {
            const Icon = MOVE_ICONS[key];
            const label = t(`moves.${key}`);
            return <IconButton key={key} size="small" tabIndex={-1} label={label} title={`${label} (${sign})`} icon={<Icon size={16} />} onClick={() => onMove(key)} />;
          })}
        </span>
      )}
    </li>
  );
}

function when(by: string, part: WorkPart, isDay: boolean, format: ReturnType<typeof useFormat>): string {
  if (part === 'today' || part === 'tomorrow') return isDay ? '' : format.time(by);
  const day = new Intl.DateTimeFormat(format.language, { weekday: 'short', timeZone: format.timeZone }).format(new Date(by));
  if (part === 'week') return isDay ? day : `${day}, ${format.time(by)}`;
  const date = dayOf(by, format.timeZone);
  return part === 'overdue' && date === dayOf(new Date(), format.timeZone) ? format.time(by) : format.date(date);
}
