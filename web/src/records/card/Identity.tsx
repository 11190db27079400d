import { IconPlus } from '@tabler/icons-react';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import { useErrorText } from '@/api/errors';
import { useRestoreRecord } from '@/api/records';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { Owner } from '@/fields/owner-record';
import { isVocabulary } from '@/fields/reference/vocabulary';
import { RecordLink } from '@/fields/RecordLink';
import { asReferences, isEmptyValue } from '@/fields/values';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import { isShown } from '../conditions';
import { ConflictDialog } from '../editing/ConflictDialog';
import { DoneTick } from '../done/DoneTick';
import { OpenEditors } from '../editing/open-editors';
import { Presence } from '../presence/Presence';
import { useLeaveGuard } from '../editing/use-leave-guard';
import { useSaveField } from '../editing/use-save-field';
import { blocksOf, fieldsInBlocks, useBlockTitle } from '../layout';
import { Location } from '../map/lazy-location';
import { SetsByRule } from '../membership/SetsByRule';
import { useValuesWithSets } from '../membership/use-values-with-sets';
import { fieldsBelowHeading } from '../record-shape';
import { SharingSign } from '../sharing/SharingSign';
import { CardBadges } from './CardBadges';
import { FieldRow } from './FieldRow';
import styles from './Identity.module.css';
import { Portrait } from './Portrait';

export interface IdentityProps {
  type: ObjectType;
  record: RecordItem;
  headingLevel: 'h1' | 'h2';
}

/** Who it is: the name, the signs, the channels and the fields, each edited in its place. */
export function Identity({ type, record, headingLevel: Heading }: IdentityProps) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const GroupHeading = Heading === 'h1' ? 'h2' : 'h3';
  const { object_types: types } = useCatalog();
  const save = useSaveField(type, record);
  const [editors] = useState(() => new OpenEditors());
  // A field that waits for the server stays open beside the next one: refused, it still has what was typed.
  const [open, setOpen] = useState<readonly string[]>([]);
  const [focusAfter, setFocusAfter] = useState<string | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [showsEmpty, setShowsEmpty] = useState(false);
  const blockTitle = useBlockTitle();
  const judged = useValuesWithSets(type, record.values, record.deleted_at === null ? record.id : null);
  const blocks = useMemo(() => {
    const shown = fieldsBelowHeading(type).filter((field) => isShown(field, judged));
    return blocksOf(type.layout.blocks, shown, judged);
  }, [type, judged]);
  const fields = fieldsInBlocks(blocks);
  const emptyCount = fields.filter((field) => isHiddenWhenEmpty(field, types) && isEmptyValue(record.values[field.name])).length;
  const channels = fields.find((field) => field.kind === 'channels' && field.access === 'write' && !field.is_read_only);
  const canEdit = record.can_edit && record.deleted_at === null;
  const keepers = peopleOf(type, record);
  const readOnly = keepers.length === 0 ? t('card.read_only') : t('card.read_only_of', { count: keepers.length, names: format.list(keepers) });

  useLeaveGuard(editors, (name) => {
    const field = fields.find((candidate) => candidate.name === name);
    showToast(t('correct_first', { field: format.label(field?.labels) }), { tone: 'error' });
  });

  useEffect(() => {
    if (focusAfter === null) return;
    setFocusAfter(null);
    const button = frame.current?.querySelector<HTMLElement>(`[data-edits="${CSS.escape(focusAfter)}"]`);
    (button ?? frame.current)?.focus({ preventScroll: button === undefined });
  }, [focusAfter]);

  function edit(name: string): void {
    save.forget(name);
    void editors.commitAll(name);
    setOpen((before) => (before.includes(name) ? before : [...before, name]));
  }

  function end(name: string, hadFocus: boolean): void {
    setOpen((before) => before.filter((other) => other !== name));
    if (hadFocus) setFocusAfter(name);
  }

  return (
    <div ref={frame} className={styles.identity} tabIndex={-1}>
      <Presence key={record.id} type={type} id={record.id} editors={editors} />
      {record.deleted_at !== null && <InTrash type={type} record={record} />}
      <header className={styles.head}>
        <Portrait type={type} record={record} />
        <div className={styles.names}>
          <Heading className={styles.title}>
            <DoneTick type={type} record={record} size={20} />
            {record.title}
          </Heading>
          <p className={styles.subtitle}>
            {format.label(type.labels)} № {record.id}
            <SharingSign type={type} record={record} />
          </p>
        </div>
      </header>
      {!record.can_edit && record.deleted_at === null && <p className={styles.readOnly}>{record.erased_at === undefined ? readOnly : t('card.erased')}</p>}
      <CardBadges type={type} record={record} />
      <Owner value={record}>
        {blocks.map(({ block, fields: own }) => {
          const shown = own.filter(
            (field) => showsEmpty || open.includes(field.name) || !isHiddenWhenEmpty(field, types) || !isEmptyValue(record.values[field.name]),
          );
          if (shown.length === 0) return null;
          return (
            <section key={block.key} className={styles.group}>
              <GroupHeading className={styles.groupTitle}>
                {blockTitle(block)}
                {channels !== undefined && shown.includes(channels) && canEdit && !open.includes(channels.name) && (
                  <IconButton
                    size="small"
                    data-edits={channels.name}
                    label={t('edit_field', { field: format.label(channels.labels) })}
                    icon={<IconPlus size={16} />}
                    onClick={() => edit(channels.name)}
                  />
                )}
              </GroupHeading>
              {shown.map((field) => (
                <Fragment key={field.name}>
                  <FieldRow
                    type={type}
                    field={field}
                    record={record}
                    save={save}
                    editors={editors}
                    isEditing={open.includes(field.name)}
                    opensFromHeading={field === channels}
                    onEdit={() => edit(field.name)}
                    onEnd={(hadFocus) => end(field.name, hadFocus)}
                  />
                  {field.kind === 'addresses' && !open.includes(field.name) && (
                    <Location field={field} record={record} save={save} canEdit={canEdit && field.access === 'write' && !field.is_read_only} />
                  )}
                  {types.some((target) => target.name === field.settings.target && target.members?.field === field.name) && (
                    <SetsByRule type={type} record={record} field={field} />
                  )}
                </Fragment>
              ))}
            </section>
          );
        })}
      </Owner>
      {(emptyCount > 0 || showsEmpty) && (
        <Button look="link" className={styles.more} onClick={() => setShowsEmpty(!showsEmpty)}>
          {showsEmpty ? t('card.hide_empty') : t('card.show_empty', { count: emptyCount })}
        </Button>
      )}
      <dl className={styles.system}>
        <dt>{t('card.created')}</dt>
        <dd>{[format.instant(record.created_at), record.created_by?.title].filter(Boolean).join(' · ')}</dd>
        <dt>{t('card.updated')}</dt>
        <dd>{[format.instant(record.updated_at), record.updated_by?.title].filter(Boolean).join(' · ')}</dd>
      </dl>
      <ConflictDialog save={save} onResolved={(name) => editors.close(name)} />
    </div>
  );
}

/** Channels, groups and tags are offered even when there are none: they are what a card is for. */
function isHiddenWhenEmpty(field: Field, types: readonly ObjectType[]): boolean {
  const target = field.kind === 'reference_set' ? types.find((type) => type.name === field.settings.target) : undefined;
  return field.kind !== 'channels' && (target === undefined || !isVocabulary(target));
}

/** Who answers for the record: the people in the first field of users, as the server tells of a card that one may not see. */
function peopleOf(type: ObjectType, record: RecordItem): string[] {
  const field = type.fields.find(({ kind, settings }) => kind === 'reference_set' && settings.target === 'user');
  return field === undefined
    ? []
    : asReferences(record.values[field.name])
        .map((person) => person.title)
        .filter(Boolean);
}

function InTrash({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('records');
  const errorText = useErrorText();
  const restore = useRestoreRecord(type.name);
  return (
    <Banner
      tone="warning"
      actions={
        <Button
          size="small"
          isBusy={restore.isPending}
          onClick={() => restore.mutate(record.id, { onError: (error) => showToast(errorText(error), { tone: 'error' }) })}
        >
          {t('card.restore')}
        </Button>
      }
    >
      {record.merged_into === undefined ? (
        t('card.in_trash')
      ) : (
        <>
          {t('card.merged_into')}{' '}
          <RecordLink type={type.name} id={record.merged_into.id} className={styles.survivor}>
            {record.merged_into.title}
          </RecordLink>
        </>
      )}
    </Banner>
  );
}
