import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { isApiError } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordPageQuery, recordQuery, type BulkInput } from '@/api/records';
import { templatePlanQuery, useTaskTemplate, useTaskTemplateForEach, type PlannedTask } from '@/api/task-templates';
import type { ObjectType } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { TimeInput } from '@/fields/date/TimeInput';
import { UserAvatar } from '@/fields/UserAvatar';
import { asText } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { FieldError, FormField } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { Skeleton } from '@/ui/Skeleton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { clockOf, dayOf } from '@/util/format';
import { isDay } from '@/util/read-format';
import { useUndoWithToast } from '../operations/use-undo-with-toast';
import { paths } from '../paths';
import { dayOfRecord } from './template-type';
import styles from './UseTemplateDialog.module.css';

export interface UseTemplateDialogProps {
  /** What the templates make. */
  type: ObjectType;
  templates: ObjectType;
  /** For one record, for the ticked ones, or for none. */
  usedFor: { type: ObjectType; id: number; title: string } | { type: ObjectType; target: Pick<BulkInput, 'ids' | 'filter'>; number: string } | null;
  /** The one that is chosen at first. */
  template?: number | undefined;
  onDone?: (() => void) | undefined;
  onClose: () => void;
}

/** Several tasks at once: a template, the day it counts from, and what it would make with its exact dates. */
export function UseTemplateDialog({ type, templates, usedFor, template: first, onDone, onClose }: UseTemplateDialogProps) {
  const { t } = useTranslation('records');
  const list = useQuery(recordPageQuery(templates.name, { filter: 'is_active = true', sort: templates.default_sort, fields: 'name,description' }, 200));
  const [chosen, setChosen] = useState<string | null>(first === undefined ? null : String(first));
  const items = list.data?.items ?? [];
  const template = items.find(({ id }) => String(id) === chosen) ?? items[0];
  const title =
    usedFor === null ? t('templates.title') : 'id' in usedFor ? t('templates.title_of', { name: usedFor.title }) : t('templates.title_each', { number: usedFor.number });
  if (list.isPending || template === undefined) {
    return (
      <Dialog title={title} onClose={onClose} footer={<Button onClick={onClose}>{t('cancel')}</Button>}>
        {list.isPending ? (
          <Skeleton lines={5} label={t('loading')} />
        ) : (
          <EmptyState
            title={t('templates.none')}
            actions={
              templates.permissions.create && (
                <Link {...paths.create(templates.name)} onClick={onClose}>
                  {t('templates.make_first')}
                </Link>
              )
            }
          >
            {t(templates.permissions.create ? 'templates.none_hint' : 'templates.none_ask')}
          </EmptyState>
        )}
      </Dialog>
    );
  }
  const choice = (
    <div className={styles.choice}>
      <FormField controlId="template" label={t('templates.template')} hint={asText(template.values.description)}>
        <Select
          id="template"
          data-autofocus=""
          value={String(template.id)}
          options={items.map(({ id, title: name }) => ({ value: String(id), label: name }))}
          onChange={setChosen}
        />
      </FormField>
      <Link {...paths.list(templates.name)} className={styles.all} onClick={onClose}>
        {t(templates.permissions.create ? 'templates.manage' : 'templates.all')}
      </Link>
    </div>
  );
  return <Plan key={template.id} title={title} choice={choice} type={type} template={template.id} usedFor={usedFor} onDone={onDone} onClose={onClose} />;
}

interface PlanProps extends Omit<UseTemplateDialogProps, 'templates' | 'template'> {
  title: string;
  choice: ReactNode;
  template: number;
}

function Plan({ title, choice, type, template, usedFor, onDone, onClose }: PlanProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { showDone } = useUndoWithToast();
  const isOne = usedFor !== null && 'id' in usedFor;
  const record = useQuery({ ...recordQuery(usedFor?.type.name ?? '', isOne ? usedFor.id : 0), enabled: isOne });
  const suggested = usedFor === null || !isOne ? '' : asText(dayOfRecord(usedFor.type, record.data));
  const [day, setDay] = useState<string | null | undefined>(undefined);
  const [time, setTime] = useState<string | undefined>(undefined);
  const [leftOut, setLeftOut] = useState<ReadonlySet<number>>(new Set());
  const isInstant = suggested.includes('T');
  const shownDay = day === undefined ? (suggested === '' ? null : isInstant ? dayOf(suggested, format.timeZone) : suggested) : day;
  const shownTime = time ?? (isInstant ? clockOf(suggested, format.timeZone) : '');
  const date = shownDay === null || !isDay(shownDay) ? undefined : shownTime === '' ? shownDay : `${shownDay}T${shownTime}`;
  const purpose = usedFor === null ? {} : isOne ? { record_type: usedFor.type.name, record: usedFor.id } : { record_type: usedFor.type.name };
  const plan = useQuery({ ...templatePlanQuery(template, { ...purpose, date }), enabled: !isOne || !record.isPending });
  const needsDate = plan.data?.needs_date === true;
  const tasks = plan.data?.tasks ?? [];
  const taken = tasks.filter(({ line }) => !leftOut.has(line));
  const use = useTaskTemplate(template);
  const each = useTaskTemplateForEach(template);
  const error = use.error ?? each.error ?? (plan.isError ? plan.error : null);

  function make(): void {
    const given = { date: needsDate ? date : undefined, left_out: [...leftOut] };
    if (usedFor !== null && 'target' in usedFor) {
      each.mutate(
        { record_type: usedFor.type.name, ...usedFor.target, ...given },
        {
          onSuccess: () => {
            showToast(t('templates.started', { number: usedFor.number }));
            onDone?.();
            onClose();
          },
        },
      );
      return;
    }
    const single = usedFor === null ? {} : { record_type: usedFor.type.name, record: usedFor.id };
    use.mutate(
      { ...single, ...given },
      {
        onSuccess: ({ task_ids: made, operation_id: operation }) => {
          showDone(t('templates.made', { count: made.length }), operation);
          onDone?.();
          onClose();
        },
      },
    );
  }

  const nothing = needsDate && date === undefined ? t('templates.needs_date') : taken.length === 0 && t('templates.needs_task');
  return (
    <Dialog
      title={title}
      size="large"
      closesOnBackdrop={false}
      onClose={onClose}
      onKey={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || nothing !== false || use.isPending || each.isPending) return;
        event.preventDefault();
        make();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" isBusy={use.isPending || each.isPending} disabledReason={plan.isPending ? null : nothing} onClick={make}>
            {t('templates.make', { count: taken.length })}
          </Button>
        </>
      }
    >
      {choice}
      {needsDate && (
        <div className={styles.date}>
          <FormField controlId="template-date" label={t('templates.date')} hint={t('templates.date_hint')}>
            <div className={styles.day}>
              <DateInput id="template-date" keepsText value={shownDay} isInvalid={shownDay !== null && !isDay(shownDay)} onChange={setDay} />
              <TimeInput className={styles.time} label={t('templates.time')} value={shownTime} onChange={setTime} />
            </div>
          </FormField>
        </div>
      )}
      {plan.isPending && !plan.isError && <Skeleton lines={4} label={t('loading')} />}
      {plan.data !== undefined && tasks.length === 0 && !needsDate && <EmptyState title={t('templates.empty')} />}
      {tasks.length > 0 && (
        <ul className={styles.tasks} aria-label={t('templates.preview')}>
          {tasks.map((task) => (
            <TaskRow
              key={task.line}
              type={type}
              task={task}
              isTaken={!leftOut.has(task.line)}
              onTake={(isOn) => setLeftOut(new Set(isOn ? [...leftOut].filter((line) => line !== task.line) : [...leftOut, task.line]))}
            />
          ))}
        </ul>
      )}
      {error !== null && !(isApiError(error) && needsDate && date === undefined) && <FieldError>{errorText(error)}</FieldError>}
    </Dialog>
  );
}

function TaskRow({ type, task, isTaken, onTake }: { type: ObjectType; task: PlannedTask; isTaken: boolean; onTake: (isOn: boolean) => void }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const users = useObjectType('user');
  const category = type.fields.find(({ name }) => name === 'category')?.settings.options?.find(({ key }) => key === task.category);
  const weekday = (at: string): string => new Intl.DateTimeFormat(format.language, { weekday: 'short', timeZone: format.timeZone }).format(new Date(at));
  return (
    <li className={classNames(styles.task, !isTaken && styles.out)}>
      <Checkbox isChecked={isTaken} aria-label={t('templates.take', { name: task.title })} onChange={onTake} />
      <div className={styles.what}>
        <span className={styles.title} title={task.title}>
          {task.title}
        </span>
        {category !== undefined && <Badge color={category.color}>{format.label(category.labels)}</Badge>}
        {task.checklist.length > 0 && (
          <span className={styles.steps} title={task.checklist.join('\n')}>
            <IconListCheck size={14} aria-hidden="true" />
            {t('templates.steps', { count: task.checklist.length })}
          </span>
        )}
      </div>
      <span className={styles.who}>
        {task.responsible === null ? (
          t('templates.owner')
        ) : (
          <>
            {users !== undefined && <UserAvatar id={task.responsible.id} title={task.responsible.title} size="small" />}
            <span className={styles.name} title={task.responsible.title}>
              {task.responsible.title}
            </span>
          </>
        )}
      </span>
      <span className={styles.when}>
        {task.starts_at !== null && <span className={styles.begins}>{t('templates.begins', { when: format.instant(task.starts_at) })}</span>}
        {task.deadline !== null && (
          <time dateTime={task.deadline}>
            {weekday(task.deadline)}, {format.instant(task.deadline)}
          </time>
        )}
      </span>
    </li>
  );
}
