import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { forgetRecords, recordPageQuery, useChangeRecord, useCreateRecord, useDeleteRecord } from '@/api/records';
import type { RecordItem } from '@/api/types';
import type { RelatedProps } from '@/records/card/related-blocks';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { FromTemplate } from '@/records/templates/FromTemplate';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { numberOf, placeAt } from './checklist-places';
import type { Line } from './lines';
import { LinesInput } from './LinesInput';
import { TemplateTask } from './TemplateTask';
import styles from './TemplateTasks.module.css';

const LINE_TYPE = 'task_template_line';
const MOST = 50;

/** The tasks of a template: written, put into order and worked out where they stand. */
export function TemplateTasks({ record }: RelatedProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const errorText = useErrorText();
  const client = useQueryClient();
  const type = useObjectType(LINE_TYPE);
  const tasks = useObjectType('task');
  const create = useCreateRecord(LINE_TYPE);
  const change = useChangeRecord(LINE_TYPE);
  const remove = useDeleteRecord(LINE_TYPE);
  const { showDone } = useUndoWithToast();
  const [open, setOpen] = useState<number | null>(null);
  const query = useQuery({ ...recordPageQuery(LINE_TYPE, { filter: `template = ${record.id}`, sort: 'place,id' }, MOST), enabled: type !== undefined });
  const items = query.data?.items ?? [];
  if (type === undefined || tasks === undefined || query.isPending) return null;
  const canWrite = record.can_edit && record.deleted_at === null && type.permissions.create;

  function fail(error: unknown): void {
    showToast(errorText(error), { tone: 'error' });
  }

  async function add({ text: title, place, key }: Line, isAlone: boolean): Promise<void> {
    const { record: made } = await create.mutateAsync({ values: { template: record.id, title, place }, idempotencyKey: key });
    if (isAlone) setOpen(made.id);
  }

  function place(item: RecordItem, at: number): void {
    change.mutateAsync({ id: item.id, version: item.version, values: { place: at } }).then(() => forgetRecords(client, LINE_TYPE), fail);
  }

  /** To stand before the task at this place; behind all at the end. */
  function move(item: RecordItem, to: number): void {
    const others = items.filter((other) => other.id !== item.id);
    const free = placeAt(others.map(numberOf), to);
    if (free !== null) return place(item, free);
    // No room is left between two: all are counted anew.
    [...others.slice(0, to), item, ...others.slice(to)].forEach((one, at) => place(one, at + 1));
  }

  return (
    <section className={styles.tasks} aria-label={t('templates.title')}>
      <div className={styles.head}>
        <h2 className={styles.heading}>
          {t('templates.title')} {items.length > 0 && <span className={styles.count}>{format.number(items.length)}</span>}
        </h2>
        {items.length > 0 && record.values.is_active === true && <FromTemplate type={tasks} template={record.id} />}
      </div>
      {items.length === 0 && <p className={styles.hint}>{t(canWrite ? 'templates.empty' : 'templates.nothing')}</p>}
      {items.length > 0 && (
        <ol className={styles.list} aria-label={t('templates.title')}>
          {items.map((item, at) => (
            <TemplateTask
              key={item.id}
              type={type}
              tasks={tasks}
              item={item}
              isOpen={open === item.id}
              canWrite={canWrite}
              onToggle={() => setOpen(open === item.id ? null : item.id)}
              onMove={(by) => {
                // The first stays where it is, and so does the last.
                if (items[at + by] !== undefined) move(item, at + by);
              }}
              onDrop={(id) => {
                const moved = items.find((other) => other.id === id);
                if (moved !== undefined && moved.id !== item.id) move(moved, at);
              }}
              onRemove={() =>
                remove.mutateAsync(item.id).then(({ operation_id: operation }) => showDone(t('templates.removed', { name: item.title }), operation), fail)
              }
            />
          ))}
        </ol>
      )}
      {canWrite && items.length < MOST && (
        <div className={styles.add}>
          <IconPlus size={16} aria-hidden="true" className={styles.sign} />
          <LinesInput label={t('templates.add')} hint={t('templates.add_hint')} last={numberOf(items.at(-1))} onWrite={add} onFail={fail} />
        </div>
      )}
    </section>
  );
}
