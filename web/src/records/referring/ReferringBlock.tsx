import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordListQuery, useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { FieldError } from '@/ui/FormField';
import { useFormat } from '@/ui/use-format';
import { Block } from '../card/Block';
import { DoneTick } from '../done/DoneTick';
import { doneField, isDone, stateFields } from '../done/done';
import { RecordValue } from '../done/RecordValue';
import { paths } from '../paths';
import { AVATAR_FIELDS } from '../record-shape';
import { FromTemplate } from '../templates/FromTemplate';
import { filterOfState, noteField, type Referring } from './referring';
import styles from './referring.module.css';
import { StateChips } from './StateChips';
import { stateField } from './states';
import { useStates } from './use-states';

/** More than this fold away, so that what stands below stays in sight. */
const SHOWN_AT_FIRST = 6;

/** The records of another type that name this one: how many are how far and what they come to, and the list of them. */
export function ReferringBlock({ ofType, referring, record, sets, isAlone }: { ofType: ObjectType; referring: Referring; record: RecordItem; sets: readonly number[]; isAlone: boolean }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { type, field } = referring;
  const hasTick = doneField(type) !== undefined;
  const [meaning, setMeaning] = useState<string | null>(hasTick ? 'open' : null);
  const [showsAll, setShowsAll] = useState(false);
  const { states, total } = useStates(referring, { id: record.id, sets });
  const known = type.fields.map(({ name }) => name);
  const fields = [...new Set([type.title_field, ...stateFields(type), noteField(type)?.name ?? type.title_field, stateField(type)?.name ?? type.title_field, ...AVATAR_FIELDS, 'responsible'])].filter((name) => known.includes(name));
  const query = useInfiniteQuery(
    recordListQuery(type.name, { filter: filterOfState(referring, { id: record.id, sets }, meaning), sort: meaning === 'open' ? type.default_sort : '-updated_at', fields: fields.join(',') }),
  );
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const canAdd = type.permissions.create && record.deleted_at === null && field.access === 'write' && !field.is_read_only;
  const isFolding = !showsAll && !isAlone && items.length > SHOWN_AT_FIRST;
  if (query.isPending || (items.length === 0 && !canAdd && (total?.count ?? 0) === 0)) return null;
  const title = format.label(type.labels_plural);
  return (
    <Block title={title} count={total === null ? undefined : format.number(total.count) + (total.isCapped ? '+' : '')}>
      <StateChips label={title} states={states} chosen={meaning} onChoose={setMeaning} />
      {items.length > 0 && (
        <ul aria-label={title}>
          {(isFolding ? items.slice(0, SHOWN_AT_FIRST) : items).map((item) => (
            <li key={item.id} className={styles.item}>
              <DoneTick type={type} record={item} />
              <RecordLink type={type.name} id={item.id} className={styles.name}>
                <span title={item.title}>{item.title}</span>
              </RecordLink>
              <Note type={type} record={item} />
            </li>
          ))}
        </ul>
      )}
      {(query.hasNextPage || isFolding) && (
        <Button
          look="link"
          isBusy={query.isFetchingNextPage}
          onClick={() => {
            if (!isFolding) void query.fetchNextPage();
            setShowsAll(true);
          }}
        >
          {t('referring.more')}
        </Button>
      )}
      {canAdd && (hasTick ? <QuickAdd referring={referring} record={record} /> : <AddLink referring={referring} record={record} />)}
      {canAdd && hasTick && <FromTemplate type={type} of={ofType} record={record} />}
    </Block>
  );
}

/** When it is due; of what is done, how it ended. */
function Note({ type, record }: { type: ObjectType; record: RecordItem }) {
  const state = stateField(type);
  const isOver = state !== undefined && isDone(state, record.values[state.name]);
  const field = isOver ? state : noteField(type);
  if (field === undefined) return null;
  return (
    <span className={styles.note}>
      <RecordValue type={type} field={field} record={record} isCompact />
    </span>
  );
}

function AddLink({ referring: { type, field }, record }: { referring: Referring; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const search = field.kind === 'reference' ? { belongs: `${field.name}:${record.id}` } : {};
  return (
    <Link {...paths.create(type.name, type.sections[0]?.key, search)} className={styles.add}>
      <IconPlus size={16} aria-hidden="true" />
      {t('referring.add', { kind: format.label(type.labels) })}
    </Link>
  );
}

/** A title and Enter; everything else has its default, or is given on the form behind the link. */
function QuickAdd({ referring, record }: { referring: Referring; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const errorText = useErrorText();
  const { type, field } = referring;
  const [text, setText] = useState('');
  const create = useCreateRecord(type.name, { isKeptOffline: true });
  // One key for one text: sent twice, it is still one record.
  const key = useRef<string | null>(null);
  const label = t('referring.new', { kind: format.label(type.labels).toLocaleLowerCase() });

  function send(): void {
    const title = text.trim();
    if (title === '' || create.isPending) return;
    key.current ??= newIdempotencyKey();
    const values = { [type.title_field]: title, [field.name]: field.kind === 'reference' ? record.id : [record.id] };
    const shown = { [type.title_field]: title };
    create.mutateAsync({ values, shown, title, idempotencyKey: key.current }).then(
      () => {
        key.current = null;
        setText('');
      },
      // Said below the text.
      () => undefined,
    );
  }

  return (
    <div className={styles.quick}>
      <IconPlus size={16} aria-hidden="true" className={styles.plus} />
      <input
        className={styles.input}
        value={text}
        aria-label={label}
        placeholder={label}
        onChange={(event) => {
          key.current = null;
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send();
          if (event.key === 'Escape' && text !== '') {
            event.stopPropagation();
            setText('');
          }
        }}
      />
      {field.kind === 'reference' && (
        <Link {...paths.create(type.name, type.sections[0]?.key, { belongs: `${field.name}:${record.id}` })} className={styles.more}>
          {t('referring.form')}
        </Link>
      )}
      {create.isError && <FieldError>{errorText(create.error)}</FieldError>}
    </div>
  );
}
