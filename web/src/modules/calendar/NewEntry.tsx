import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useCodeText, useErrorText } from '@/api/errors';
import type { Stretch } from '@/api/free-times';
import { useCreateRecord } from '@/api/records';
import { useSession } from '@/api/session';
import type { Values } from '@/api/types';
import { DateInput } from '@/fields/date/DateInput';
import { TimeInput } from '@/fields/date/TimeInput';
import { asText } from '@/fields/values';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { activeUsersQuery } from '@/records/users';
import { writeKey } from '@/records/write-key';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { OptionPicker } from '@/ui/OptionPicker';
import { SegmentedChoice } from '@/ui/SegmentedChoice';
import { Select } from '@/ui/Select';
import { TextInput } from '@/ui/TextInput';
import { useFormat } from '@/ui/use-format';
import { isDay } from '@/util/read-format';
import type { Draft } from './draft';
import type { CalendarType } from './entries';
import styles from './NewEntry.module.css';
import { FreeTimes } from './FreeTimes';
import { clockText, DAY_MINUTES, dayAt, MINUTE, minutesAt, momentOf } from '@/util/times';

const STORED_TYPE = 'kartoteka.calendar_type';
/** Whole days last to the last minute of their last day. */
const LAST_MINUTE = DAY_MINUTES - 1;

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** What is written for a draft. */
function valuesOf({ type, fields }: CalendarType, draft: Draft, title: string, { reminder, colleagues }: { reminder: string | undefined; colleagues: readonly number[] }, zone: string | undefined): Values {
  const text = (minutes: number): string => new Date(momentOf(draft.day, minutes, zone)).toISOString();
  const [begin, end] = draft.isWholeDays ? [0, LAST_MINUTE] : [draft.from, draft.to];
  const person = type.fields.find((field) => field.name === fields.people[0]);
  return {
    [type.title_field]: title,
    ...(fields.begins === null ? {} : { [fields.begins]: text(begin) }),
    ...(fields.ends === null ? {} : { [fields.ends]: text(end) }),
    ...(fields.whole_days === null || !draft.isWholeDays ? {} : { [fields.whole_days]: true }),
    ...(fields.reminder === null || reminder === undefined ? {} : { [fields.reminder]: reminder }),
    ...(colleagues.length === 0 || fields.people[1] === undefined ? {} : { [fields.people[1]]: [...colleagues] }),
    ...(draft.person === null || person === undefined ? {} : { [person.name]: person.kind === 'reference' ? draft.person : [draft.person] }),
  };
}

export interface NewEntryProps {
  draft: Draft;
  types: readonly CalendarType[];
  onChange: (draft: Draft) => void;
  onClose: () => void;
}

/** Title, kind and time of a new entry; Enter saves it. */
export function NewEntry({ draft, types, onChange, onClose }: NewEntryProps) {
  const { t } = useTranslation('calendar');
  const format = useFormat();
  const errorText = useErrorText();
  const codeText = useCodeText();
  const { showDone } = useUndoWithToast();
  const open = types.filter(({ type }) => type.permissions.create);
  const [chosen, setChosen] = useState(() => localStorage.getItem(STORED_TYPE) ?? 'event');
  const kind = open.find(({ type }) => type.name === chosen) ?? open[0];
  // Of each kind the reminder that it has, until somebody chooses.
  const { title = '', colleagues = [], reminders = {} } = draft;
  const setColleagues = (ids: readonly number[]): void => onChange({ ...draft, colleagues: ids });
  const { user } = useSession();
  const everybody = useQuery(activeUsersQuery).data ?? [];
  const [problem, setProblem] = useState<string | null>(null);
  const create = useCreateRecord(kind?.type.name ?? '');
  const [key] = useState(writeKey);
  if (kind === undefined) return <p className={styles.newText}>{t('may_not_create')}</p>;

  const whose = draft.person ?? user.id;
  const others = everybody.filter(({ id }) => id !== whose && !colleagues.includes(id));

  function take({ from, to }: Stretch): void {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    const start = minutesAt(begin, format.timeZone);
    onChange({ ...draft, day: dayAt(begin, format.timeZone), from: start, to: start + (end - begin) / MINUTE });
  }
  const reminder = kind.type.fields.find(({ name }) => name === kind.fields.reminder);

  async function save(): Promise<void> {
    if (kind === undefined || create.isPending) return;
    if (title.trim() === '') return setProblem(t('title_needed'));
    if (!draft.isWholeDays && draft.to <= draft.from) return setProblem(t('ends_before'));
    try {
      const values = valuesOf(kind, draft, title.trim(), { reminder: reminders[kind.type.name], colleagues }, format.timeZone);
      const answer = await create.mutateAsync({ values, idempotencyKey: key.of([kind.type.name, values]) });
      key.renew();
      localStorage.setItem(STORED_TYPE, kind.type.name);
      showDone(t('created', { name: answer.record.title }), answer.operation_id ?? null);
      onClose();
    } catch (error) {
      const named = [...fieldProblems(error).values()].flat().map(({ code, params }) => codeText(code, params));
      setProblem(named.length > 0 ? named.join(' ') : errorText(error));
    }
  }

  return (
    <form
      className={styles.new}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput autoFocus aria-label={t('name')} placeholder={t('name')} value={title} isInvalid={problem !== null && title.trim() === ''} onChange={(event) => onChange({ ...draft, title: event.target.value })} />
      <SegmentedChoice label={t('kind')} value={kind.type.name} options={open.map(({ type }) => ({ value: type.name, label: format.label(type.labels) }))} onChange={setChosen} />
      <div className={styles.newTimes}>
        <DateInput label={t('day')} value={draft.day} onChange={(day) => day !== null && isDay(day) && onChange({ ...draft, day })} />
        {!draft.isWholeDays && (
          <>
            <TimeInput label={t('from')} className={styles.newTime} value={clockText(draft.from)} onChange={(clock) => clock !== '' && onChange({ ...draft, from: minutesOf(clock), to: Math.max(draft.to, minutesOf(clock) + 15) })} />
            <span aria-hidden="true">–</span>
            <TimeInput label={t('to')} className={styles.newTime} value={clockText(draft.to % DAY_MINUTES)} onChange={(clock) => clock !== '' && onChange({ ...draft, to: minutesOf(clock) || DAY_MINUTES })} />
          </>
        )}
      </div>
      <Checkbox
        isChecked={draft.isWholeDays}
        label={t('whole_day')}
        onChange={(isWholeDays) => onChange(isWholeDays ? { ...draft, isWholeDays } : { ...draft, isWholeDays, from: draft.to - draft.from >= DAY_MINUTES ? 540 : draft.from, to: draft.to - draft.from >= DAY_MINUTES ? 600 : draft.to })}
      />
      {kind.fields.people[1] !== undefined && (
        <>
          {colleagues.length > 0 && (
            <ul className={styles.newPeople}>
              {colleagues.map((id) => {
                const name = everybody.find((one) => one.id === id)?.title ?? '—';
                return (
                  <li key={id}>
                    <button type="button" className={styles.newPerson} aria-label={t('free.remove', { name })} onClick={() => setColleagues(colleagues.filter((one) => one !== id))}>
                      {name}
                      <IconX size={14} aria-hidden="true" />
                    </button>
                  </li>
                );
              })}
            </ul>
          )}
          {others.length > 0 && (
            <OptionPicker
              key={colleagues.length}
              aria-label={t('free.colleague')}
              value=""
              emptyLabel={t('free.colleague')}
              options={others.map(({ id, title }) => ({ value: String(id), label: title }))}
              onChange={(chosen) => chosen !== '' && setColleagues([...colleagues, Number(chosen)])}
            />
          )}
          {colleagues.length > 0 && !draft.isWholeDays && <FreeTimes users={[whose, ...colleagues]} day={draft.day} chosen={[draft.from, draft.to]} onChoose={take} />}
        </>
      )}
      {reminder !== undefined && (
        <label className={styles.newLine}>
          <span>{format.label(reminder.labels)}</span>
          <Select
            size="small"
            className={styles.newSelect}
            value={reminders[kind.type.name] ?? asText(reminder.default)}
            options={(reminder.settings.options ?? []).filter((option) => option.is_retired !== true).map((option) => ({ value: option.key, label: format.label(option.labels) }))}
            onChange={(chosen) => onChange({ ...draft, reminders: { ...reminders, [kind.type.name]: chosen } })}
          />
        </label>
      )}
      {problem !== null && (
        <p className={styles.newProblem} role="alert">
          {problem}
        </p>
      )}
      <div className={styles.newButtons}>
        <Button type="submit" look="primary" size="small" isBusy={create.isPending}>
          {t('create')}
        </Button>
        <Button size="small" look="plain" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
