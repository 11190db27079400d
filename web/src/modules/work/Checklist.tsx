import { IconGripVertical, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { forgetRecords, recordPageQuery, useChangeRecord, useCreateRecord, useDeleteRecord } from '@/api/records';
import type { RecordItem, Values } from '@/api/types';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { Checkbox } from '@/ui/Checkbox';
import { IconButton } from '@/ui/IconButton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { dragItem } from './checklist-drag';
import { numberOf, placeAt } from './checklist-places';
import styles from './Checklist.module.css';
import { LinesInput } from './LinesInput';

const TYPE = 'checklist_item';
const MOST = 200;

/** The steps of a task: ticked, written, moved and deleted where they stand. */
export function Checklist({ record }: RelatedProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const type = useObjectType(TYPE);
  const create = useCreateRecord(TYPE);
  const change = useChangeRecord(TYPE);
  const remove = useDeleteRecord(TYPE);
  const { showDone } = useUndoWithToast();
  const query = useQuery({
    ...recordPageQuery(TYPE, { filter: `task = ${record.id}`, sort: 'place,id', fields: 'text,is_done,place' }, MOST),
    enabled: type !== undefined,
  });
  const items = query.data?.items ?? [];
  const canWrite = record.can_edit && type?.permissions.create === true;
  if (type === undefined || query.isPending || (items.length === 0 && !canWrite)) return null;
  const done = items.filter((item) => item.values.is_done === true).length;

  function fail(error: unknown): void {
    showToast(errorText(error), { tone: 'error' });
  }

  function write(item: RecordItem, values: Values): void {
    change.mutateAsync({ id: item.id, version: item.version, values }).then(() => forgetRecords(client, TYPE), fail);
  }

  /** To stand before the item at this place; behind all at the end. */
  function move(item: RecordItem, to: number): void {
    const others = items.filter((other) => other.id !== item.id);
    const place = placeAt(others.map(numberOf), to);
    if (place !== null) return write(item, { place });
    // No room is left between two: all are counted anew.
    const order = [...others.slice(0, to), item, ...others.slice(to)];
    order.forEach((one, at) => write(one, { place: at + 1 }));
  }

  return (
    <Block title={t('checklist.title')} count={items.length === 0 ? undefined : t('checklist.progress', { done: format.number(done), all: format.number(items.length) })}>
      {items.length > 0 && (
        <ol className={styles.items} aria-label={t('checklist.title')}>
          {items.map((item, at) => (
            <Item
              key={item.id}
              item={item}
              at={at}
              canWrite={canWrite}
              onWrite={(values) => write(item, values)}
              onMove={(by) => {
                // The first stays where it is, and so does the last.
                if (items[at + by] !== undefined) move(item, at + by);
              }}
              onDrop={(id) => {
                const from = items.findIndex((other) => other.id === id);
                const moved = items[from];
                if (moved !== undefined && moved.id !== item.id) move(moved, at);
              }}
              onRemove={() =>
                remove.mutateAsync(item.id).then(({ operation_id: operation }) => showDone(t('checklist.removed', { name: item.title }), operation), fail)
              }
            />
          ))}
        </ol>
      )}
      {canWrite && (
        <div className={styles.add}>
          <IconPlus size={16} aria-hidden="true" className={styles.sign} />
          <LinesInput
            label={t('checklist.add')}
            hint={t('checklist.add_hint')}
            last={numberOf(items.at(-1))}
            onWrite={({ text, place, key }) => create.mutateAsync({ values: { task: record.id, text, place }, idempotencyKey: key })}
            onFail={fail}
          />
        </div>
      )}
    </Block>
  );
}

interface ItemProps {
  item: RecordItem;
  at: number;
  canWrite: boolean;
  onWrite: (values: Values) => void;
  onMove: (by: number) => void;
  onDrop: (id: number) => void;
  onRemove: () => void;
}

function Item({ item, at, canWrite, onWrite, onMove, onDrop, onRemove }: ItemProps) {
  const { t } = useTranslation('work');
  const row = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLSpanElement>(null);
  const drop = useRef(onDrop);
  const [typed, setTyped] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const isDone = item.values.is_done === true;

  useEffect(() => {
    drop.current = onDrop;
  });
  useEffect(() => {
    if (row.current === null || grip.current === null) return undefined;
    return dragItem(row.current, grip.current, item.id, setIsOver, (id) => drop.current(id));
  }, [item.id]);

  function save(): void {
    const next = typed?.trim() ?? '';
    if (next !== '' && next !== item.title) onWrite({ text: next });
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
    <li ref={row} className={classNames(styles.item, isDone && styles.done, isOver && styles.over)}>
      {canWrite && (
        <span ref={grip} className={styles.grip} title={t('checklist.drag')}>
          <IconGripVertical size={14} aria-hidden="true" />
        </span>
      )}
      <Checkbox isChecked={isDone} aria-label={t('checklist.tick', { name: item.title })} disabled={!canWrite} onChange={(isOn) => onWrite({ is_done: isOn })} />
      {canWrite ? (
        <input
          className={styles.text}
          value={typed ?? item.title}
          title={item.title}
          aria-label={t('checklist.text', { number: at + 1 })}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={save}
          onKeyDown={press}
        />
      ) : (
        <span className={styles.text}>{item.title}</span>
      )}
      {canWrite && <IconButton size="small" className={styles.remove} label={t('checklist.remove', { name: item.title })} icon={<IconTrash size={14} />} onClick={onRemove} />}
    </li>
  );
}
