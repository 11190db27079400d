import { IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import type { TimelineEntry } from '@/api/timeline';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { recordMark } from '@/fields/record-mark';
import { UserAvatar } from '@/fields/UserAvatar';
import { asReference, isEmptyValue } from '@/fields/values';
import { CatalogIcon } from '@/ui/CatalogIcon';
import { useFormat } from '@/ui/use-format';
import { HistoryEntryRow } from '../card/HistoryEntryRow';
import { DoneTick } from '../done/DoneTick';
import { RecordValue } from '../done/RecordValue';
import { ConflictDialog } from '../editing/ConflictDialog';
import { useSaveField } from '../editing/use-save-field';
import { factFields } from './kinds';
import { NoteRow } from './NoteRow';
import styles from './Timeline.module.css';

export interface EntryRowProps {
  /** The type and the record whose timeline it is. */
  type: ObjectType;
  record: RecordItem;
  entry: TimelineEntry;
  /** Above the stream no day stands over it. */
  showsDay: boolean;
}

/** One entry: a note with its text, a change with its values, any other record with its title and how far it is. */
export function EntryRow({ type, record, entry, showsDay }: EntryRowProps) {
  const { object_types: types } = useCatalog();
  if (entry.record === null) return <ChangeRow type={type} record={record} entry={entry} />;
  const own = types.find((candidate) => candidate.name === entry.kind);
  if (own === undefined) return null;
  const title = own.fields.find((field) => field.name === own.title_field);
  if (title?.kind === 'long_text') return <NoteRow type={own} note={entry.record} entry={entry} showsDay={showsDay} />;
  return <RecordRow type={own} record={entry.record} entry={entry} />;
}

function ChangeRow({ type, record, entry }: Pick<EntryRowProps, 'type' | 'record' | 'entry'>) {
  const save = useSaveField(type, record, { hasEditor: false });
  if (entry.change === null) return null;
  return (
    <>
      <HistoryEntryRow type={type} record={record} entry={entry.change} isOnlyPart={false} save={save} />
      <ConflictDialog save={save} />
    </>
  );
}

function RecordRow({ type, record, entry }: { type: ObjectType; record: RecordItem; entry: TimelineEntry }) {
  const { t } = useTranslation('timeline');
  const format = useFormat();
  const facts = factFields(type).filter((field) => !isEmptyValue(record.values[field.name]));
  const who = asReference(record.values.responsible) ?? record.created_by;
  return (
    <article className={styles.entry} aria-label={`${format.label(type.labels)}: ${record.title}`}>
      <span className={styles.icon} title={format.label(type.labels)}>
        <CatalogIcon name={type.icon} size={16} aria-hidden="true" />
      </span>
      <div className={styles.content}>
        <div className={styles.head}>
          <DoneTick type={type} record={record} />
          <RecordLink type={type.name} id={record.id} className={styles.title}>
            <span title={record.title}>{record.title}</span>
          </RecordLink>
          <time className={styles.time} dateTime={entry.at}>
            {format.time(entry.at)}
          </time>
        </div>
        <p className={styles.facts}>
          {facts.map((field) => (
            <span key={field.name} title={format.label(field.labels)}>
              <RecordValue type={type} field={field} record={record} isCompact />
            </span>
          ))}
          {who !== null && (
            <span className={styles.who} {...recordMark(who.type, who.id)}>
              <UserAvatar id={who.id} title={who.title ?? t('somebody')} size="tiny" />
              {who.title ?? t('somebody')}
            </span>
          )}
          <Whose entry={entry} />
        </p>
      </div>
    </article>
  );
}

/** Whose entry it is, where it came in from another card. */
export function Whose({ entry: { of } }: { entry: TimelineEntry }) {
  const { t } = useTranslation('timeline');
  if (of === null) return null;
  return (
    <RecordLink type={of.type} id={of.id} className={styles.whose}>
      <IconUser size={14} role="img" aria-label={t('whose')} />
      {of.title}
    </RecordLink>
  );
}
