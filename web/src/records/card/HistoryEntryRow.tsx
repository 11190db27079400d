import { IconArrowBackUp, IconArrowsJoin2, IconEraser, IconEyeOff, IconFileImport, IconLayout, IconPencil, IconPlus, IconRestore, IconShieldCheck, IconStack2, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, HistoryChange, HistoryEntry, ObjectType, OperationKind, RecordItem } from '@/api/types';
import { fieldKind } from '@/fields/registry';
import { recordMark } from '@/fields/record-mark';
import { UserAvatar } from '@/fields/UserAvatar';
import { RecordLink } from '@/fields/RecordLink';
import { Button } from '@/ui/Button';
import { lazyPart } from '@/ui/lazy-part';
import { useFormat } from '@/ui/use-format';
import { classNames } from '@/util/class-names';
import { isSameValue } from '../editing/same-value';
import type { SaveField } from '../editing/use-save-field';
import { UndoButton } from '../operations/UndoButton';
import styles from './History.module.css';
import { shownActions } from './history-actions';
import { shownParts } from './history-difference';

const AsOfDialog = lazyPart(() => import('./AsOfDialog'), 'AsOfDialog');

const ICONS: Readonly<Record<OperationKind, typeof IconPencil>> = {
  create: IconPlus,
  update: IconPencil,
  delete: IconTrash,
  restore: IconRestore,
  import: IconFileImport,
  bulk: IconStack2,
  merge: IconArrowsJoin2,
  undo: IconArrowBackUp,
  erase: IconEraser,
  consent: IconShieldCheck,
  restriction: IconEyeOff,
  field_added: IconPlus,
  catalog: IconLayout,
};

export interface HistoryEntryRowProps {
  type: ObjectType;
  record: RecordItem;
  entry: HistoryEntry;
  /** The history shows one field only: the operation may have changed more. */
  isOnlyPart: boolean;
  save: SaveField;
}

function canRestore(type: ObjectType, record: RecordItem, change: HistoryChange): boolean {
  const field = type.fields.find((candidate) => candidate.name === change.field);
  return (
    field !== undefined &&
    record.can_edit &&
    record.deleted_at === null &&
    field.access === 'write' &&
    !field.is_read_only &&
    !isSameValue(record.values[field.name], change.old)
  );
}

/** One operation on this card: who, when, from where, and what became of which value. */
export function HistoryEntryRow({ type, record, entry, isOnlyPart, save }: HistoryEntryRowProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { operation, changes } = entry;
  const [isThenOpen, setIsThenOpen] = useState(false);
  const Icon = ICONS[operation.kind];
  const circumstances = [operation.source === 'web' ? '' : t(`sources.${operation.source}`), operation.reason].filter(Boolean).join(' · ');
  const [only] = changes;
  const actions = shownActions(entry, {
    isOnlyPart,
    stillStands: only !== undefined && isSameValue(record.values[only.field], only.new),
    canRestore: only !== undefined && canRestore(type, record, only),
  });

  return (
    <article className={styles.entry}>
      <span className={classNames(styles.icon, styles[operation.kind])} aria-hidden="true">
        <Icon size={16} />
      </span>
      <div className={styles.content}>
        <p>
          <span className={styles.title}>{t(`history.kinds.${operation.kind}`)}</span>{' '}
          <span className={styles.by}>
            {operation.user && (
              <span {...recordMark(operation.user.type, operation.user.id)}>
                <UserAvatar id={operation.user.id} title={operation.user.title} size="tiny" />{'\u00a0'}{operation.user.title}
              </span>
            )}
            {operation.user !== null && circumstances !== '' && ' · '}
            {circumstances}
          </span>
        </p>
        {entry.merged_into != null && (
          <p>
            {t('history.merged_into')}{' '}
            <RecordLink type={entry.merged_into.type} id={entry.merged_into.id} className={styles.mergedInto}>
              {entry.merged_into.title}
            </RecordLink>
          </p>
        )}
        {changes.map((change) => (
          <ChangeLine
            key={change.field}
            type={type}
            change={change}
            onRestore={
              actions.hasRestore && canRestore(type, record, change) ? (field) => void save.save(field, change.old) : undefined
            }
          />
        ))}
        <p className={styles.actions}>
          {operation.is_undone && <span className={styles.undone}>{t('history.is_undone')}</span>}
          {actions.hasUndo && <UndoButton operation={operation} recordCount={null} look="link" />}
          <Button look="link" onClick={() => setIsThenOpen(true)}>
            {t('as_of.show')}
          </Button>
        </p>
      </div>
      <time className={styles.time} dateTime={operation.at} title={format.instant(operation.at)}>
        {format.time(operation.at)}
      </time>
      {isThenOpen && <AsOfDialog type={type} record={record} at={operation.at} onClose={() => setIsThenOpen(false)} />}
    </article>
  );
}

interface ChangeLineProps {
  type: ObjectType;
  change: HistoryChange;
  onRestore: ((field: Field) => void) | undefined;
}

function ChangeLine({ type, change, onRestore }: ChangeLineProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const field = type.fields.find((candidate) => candidate.name === change.field);
  if (field === undefined) return null;
  const { Display } = fieldKind(field.kind);
  const label = format.label(field.labels);
  return (
    <div className={styles.change}>
      <span className={styles.field}>{label}</span>
      <span className={styles.old}>
        {shownParts(change.old, change.new).map((part, index) => (
          <Display key={index} field={field} value={part} isCompact={field.kind === 'channels'} />
        ))}
      </span>
      <span aria-hidden="true">→</span>
      <span className={styles.new}>
        {shownParts(change.new, change.old).map((part, index) => (
          <Display key={index} field={field} value={part} isCompact={field.kind === 'channels'} />
        ))}
      </span>
      {onRestore !== undefined && (
        <Button look="link" aria-label={t('history.restore_named', { field: label })} onClick={() => onRestore(field)}>
          {t('history.restore')}
        </Button>
      )}
    </div>
  );
}
