import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldValue, ObjectType, RecordItem } from '@/api/types';
import { TimeInput } from '@/fields/date/TimeInput';
import { fieldEditors } from '@/fields/editors';
import { Owner } from '@/fields/owner-record';
import { asText } from '@/fields/values';
import { toWrite } from '@/records/editing/same-value';
import { FieldError } from '@/ui/FormField';
import { Select } from '@/ui/Select';
import { TextArea, TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import styles from './TemplateTasks.module.css';
import { numberOfOffset, unitOf, UNITS } from './template-words';
import type { TemplateLine } from './use-template-line';

export interface TemplateTaskDetailsProps {
  type: ObjectType;
  tasks: ObjectType;
  item: RecordItem;
  line: TemplateLine;
  isReadOnly: boolean;
}

/** Everything that a task of a template says: when, who, what. Each control saves itself. */
export function TemplateTaskDetails({ type, tasks, item, line, isReadOnly }: TemplateTaskDetailsProps) {
  const { t } = useTranslation('work');
  const format = useFormat();
  const id = useId();
  const { values } = item;
  // A person is needed to say “always this person”: the choice is sent with him.
  const [wantsPerson, setWantsPerson] = useState(false);
  const role = wantsPerson ? 'user' : asText(values.responsible_role);
  const options = (name: string): { value: string; label: string }[] =>
    (tasks.fields.find((field) => field.name === name)?.settings.options ?? [])
      .filter((option) => option.is_retired !== true || option.key === values[name])
      .map((option) => ({ value: option.key, label: format.label(option.labels) }));
  const usualReminder = asText(tasks.fields.find((field) => field.name === 'reminder')?.default);
  return (
    <Owner value={{ type: type.name, id: item.id, values }}>
      <fieldset className={styles.details} disabled={isReadOnly}>
        <legend className={styles.hidden}>{t('templates.details', { name: item.title })}</legend>
        <Distance prefix="deadline" label={t('templates.deadline')} item={item} line={line}>
          <Select
            size="small"
            aria-label={t('templates.counts_from')}
            value={asText(values.counts_from) || 'use'}
            options={[
              { value: 'use', label: t('templates.from.use') },
              { value: 'date', label: t('templates.from.date') },
            ]}
            onChange={(value) => line.save({ counts_from: value })}
          />
        </Distance>
        <Distance prefix="starts" label={t('templates.starts')} item={item} line={line} />
        <Labelled id={`${id}-who`} label={t('templates.responsible')}>
          <Select
            id={`${id}-who`}
            size="small"
            value={role || 'starter'}
            options={(['starter', 'record', 'user'] as const).map((key) => ({ value: key, label: t(`templates.who.${key}`) }))}
            onChange={(value) => {
              setWantsPerson(value === 'user');
              if (value !== 'user') line.save({ responsible_role: value, responsible: null });
            }}
          />
          {role === 'user' && (
            <Chosen
              type={type}
              name="responsible"
              id={`${id}-person`}
              label={t('templates.person')}
              value={values.responsible}
              onChange={(value) => {
                if (value === null || value === undefined) return;
                line.save({ responsible_role: 'user', responsible: toWrite(value) }, { responsible_role: 'user', responsible: value });
              }}
            />
          )}
        </Labelled>
        <Labelled id={`${id}-category`} label={t('templates.category')}>
          <Select id={`${id}-category`} size="small" emptyLabel={t('templates.no_category')} value={asText(values.category)} options={options('category')} onChange={(value) => line.save({ category: value || null })} />
        </Labelled>
        <Labelled id={`${id}-reminder`} label={t('templates.reminder')}>
          <Select id={`${id}-reminder`} size="small" value={asText(values.reminder) || usualReminder} options={options('reminder')} onChange={(value) => line.save({ reminder: value })} />
        </Labelled>
        <Labelled id={`${id}-tags`} label={t('templates.tags')}>
          <Chosen type={type} name="tags" id={`${id}-tags`} value={values.tags} onChange={(value) => line.save({ tags: toWrite(value) }, { tags: value })} />
        </Labelled>
        <Long id={`${id}-checklist`} label={t('templates.checklist')} hint={t('templates.checklist_hint')} value={asText(values.checklist)} onSave={(text) => line.save({ checklist: text })} />
        <Long id={`${id}-description`} label={t('templates.description')} value={asText(values.description)} onSave={(text) => line.save({ description: text })} />
        {line.problem !== null && <FieldError>{line.problem}</FieldError>}
      </fieldset>
    </Owner>
  );
}

function Labelled({ id, label, isWide = false, children }: { id: string; label: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={classNames(styles.field, isWide && styles.wide)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children}
    </div>
  );
}

interface DistanceProps {
  prefix: 'deadline' | 'starts';
  label: string;
  item: RecordItem;
  line: TemplateLine;
  children?: ReactNode;
}

/** A number of days or hours, before or behind, and the time of that day. */
function Distance({ prefix, label, item, line, children }: DistanceProps) {
  const { t } = useTranslation('work');
  const { values } = item;
  const [typed, setTyped] = useState<string | null>(null);
  const [isBefore, setIsBefore] = useState<boolean | null>(null);
  const amount = numberOfOffset(values[`${prefix}_offset`]);
  const unit = unitOf(values[`${prefix}_unit`]);
  const before = isBefore ?? (amount ?? 0) < 0;
  const count = Math.abs(amount ?? 0);

  function saveNumber(): void {
    const text = (typed ?? '').trim();
    setTyped(null);
    if (typed === null) return;
    if (text === '' && prefix === 'starts') line.save({ starts_offset: null });
    else if (/^\d{1,4}$/.test(text)) line.save({ [`${prefix}_offset`]: before ? -Number(text) : Number(text) });
  }

  return (
    <fieldset className={classNames(styles.field, styles.wide)}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.distance}>
        <TextInput
          className={styles.amount}
          inputMode="numeric"
          aria-label={t('templates.amount', { name: label })}
          placeholder={prefix === 'starts' ? t('templates.never') : undefined}
          isInvalid={line.field === `${prefix}_offset`}
          value={typed ?? (amount === null ? '' : String(count))}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={saveNumber}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
        {(amount !== null || typed !== null) && (
          <>
            <Select
              size="small"
              aria-label={t('templates.unit', { name: label })}
              value={unit}
              options={UNITS.map((key) => ({ value: key, label: t(`templates.unit_names.${key}`) }))}
              onChange={(value) => line.save({ [`${prefix}_unit`]: value })}
            />
            <Select
              size="small"
              aria-label={t('templates.direction', { name: label })}
              value={before ? 'before' : 'after'}
              options={[
                { value: 'after', label: t('templates.after') },
                { value: 'before', label: t('templates.before') },
              ]}
              onChange={(value) => {
                setIsBefore(value === 'before');
                if (amount !== null && amount !== 0) line.save({ [`${prefix}_offset`]: value === 'before' ? -count : count });
              }}
            />
            {children}
            {unit !== 'hour' && (
              <TimeInput className={styles.time} isRequired label={t('templates.at', { name: label })} value={asText(values[`${prefix}_time`])} onChange={(time) => line.save({ [`${prefix}_time`]: time })} />
            )}
          </>
        )}
      </div>
    </fieldset>
  );
}

interface ChosenProps {
  type: ObjectType;
  name: string;
  id: string;
  label?: string;
  value: FieldValue;
  onChange: (value: FieldValue) => void;
}

/** A reference or several, saved as they are chosen. */
function Chosen({ type, name, id, label, value, onChange }: ChosenProps) {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return null;
  const { Input } = fieldEditors(field.kind);
  return (
    <div role={label === undefined ? undefined : 'group'} aria-label={label}>
      <Input id={id} field={field} value={value ?? null} problems={[]} onChange={onChange} />
    </div>
  );
}

interface LongProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  onSave: (text: string | null) => void;
}

/** A long text, saved when it is left. */
function Long({ id, label, hint, value, onSave }: LongProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div className={classNames(styles.field, styles.wide)}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <TextArea
        id={id}
        rows={3}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={typed ?? value}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => {
          if (typed !== null && typed !== value) onSave(typed.trim() === '' ? null : typed);
          setTyped(null);
        }}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.note}>
          {hint}
        </p>
      )}
    </div>
  );
}
