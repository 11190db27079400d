import { IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useObjectType } from '@/api/catalog';
import { newIdempotencyKey } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { recordListQuery, useChangeRecord, useCreateRecord } from '@/api/records';
import type { ObjectType, RecordItem } from '@/api/types';
import { RecordPicker } from '@/fields/reference/RecordPicker';
import { RecordLink } from '@/fields/RecordLink';
import { asReference, asText } from '@/fields/values';
import { Block } from '@/records/card/Block';
import type { RelatedProps } from '@/records/card/related-blocks';
import { useRemoveWithToast } from '@/records/operations/use-remove-with-toast';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { showToast } from '@/ui/toast';
import { useFormat } from '@/ui/use-format';
import styles from './People.module.css';

const PART_TYPE = 'deal_participant';

/** Who has a say in a deal, each with a role; somebody is added by his name. */
export function DealPeople({ record }: RelatedProps) {
  const parts = useObjectType(PART_TYPE);
  return parts?.permissions.see === true ? <People key={record.id} parts={parts} record={record} /> : null;
}

function People({ parts, record }: { parts: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  const errorText = useErrorText();
  const list = useInfiniteQuery(recordListQuery(PART_TYPE, { filter: `deal = ${record.id}`, sort: 'id' }));
  const create = useCreateRecord(PART_TYPE);
  const [round, setRound] = useState(0);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const canChange = record.can_edit && record.deleted_at === null;
  if (list.isPending || (items.length === 0 && !canChange)) return null;

  function add(contact: number): void {
    create.mutate(
      { values: { deal: record.id, contact }, idempotencyKey: newIdempotencyKey() },
      // The field is empty again, and has the focus for the next one.
      { onSuccess: () => setRound((before) => before + 1) },
    );
  }

  return (
    <Block title={t('people')} count={format.number(items.length)}>
      {items.length > 0 && (
        <ul aria-label={t('people')}>
          {items.map((item) => (
            <Person key={item.id} parts={parts} item={item} canChange={canChange} />
          ))}
        </ul>
      )}
      {canChange && parts.permissions.create && (
        <div className={styles.add}>
          <RecordPicker
            key={round}
            id={`deal-people-${record.id}`}
            target="contact"
            label={t('add_person')}
            placeholder={t('add_person')}
            hasAutoFocus={round > 0}
            value={null}
            onChange={(contact) => {
              if (contact !== null) add(contact.id);
            }}
          />
          {create.isError && <FieldError>{errorText(create.error)}</FieldError>}
        </div>
      )}
    </Block>
  );
}

function Person({ parts, item, canChange }: { parts: ObjectType; item: RecordItem; canChange: boolean }) {
  const { t } = useTranslation('deals');
  const format = useFormat();
  const errorText = useErrorText();
  const change = useChangeRecord(PART_TYPE);
  const remove = useRemoveWithToast(PART_TYPE);
  const contact = asReference(item.values.contact);
  const role = asText(item.values.role);
  const options = parts.fields.find(({ name }) => name === 'role')?.settings.options ?? [];
  const name = contact?.title ?? '';
  return (
    <li className={styles.person}>
      <span className={styles.name} title={[name, asText(item.values.remark)].filter(Boolean).join(' — ')}>
        {contact === null ? '—' : (
          <RecordLink type="contact" id={contact.id}>
            {contact.title}
          </RecordLink>
        )}
      </span>
      {canChange ? (
        <>
          <Select
            size="small"
            className={styles.role}
            aria-label={t('role_of', { name })}
            value={role}
            options={options.filter(({ key, is_retired: isRetired }) => isRetired !== true || key === role).map(({ key, labels }) => ({ value: key, label: format.label(labels) }))}
            onChange={(next) =>
              change.mutate(
                { id: item.id, version: item.version, values: { role: next } },
                { onError: (error) => showToast(errorText(error), { tone: 'error' }) },
              )
            }
          />
          <IconButton size="small" label={t('remove', { name })} icon={<IconX size={14} />} onClick={() => void remove(item.id, t('removed', { name }))} />
        </>
      ) : (
        <span className={styles.said}>{format.label(options.find(({ key }) => key === role)?.labels)}</span>
      )}
    </li>
  );
}
