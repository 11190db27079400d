import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '@/api/catalog';
import type { ObjectType, RecordItem } from '@/api/types';
import { Tabs } from '@/ui/Tabs';
import { useFormat } from '@/ui/use-format';
import { Documents } from '../documents/Documents';
import { ReferringBlock } from '../referring/ReferringBlock';
import { referringTo, setType } from '../referring/referring';
import { useAllStates } from '../referring/use-states';
import { useSetIds } from '../membership/use-set-ids';
import { Related } from './Related';
import styles from './RelatedArea.module.css';

const ALL = 'all';

/** What belongs to a record: each kind a block, or one kind alone with all of its records. */
export function RelatedArea({ type, record }: { type: ObjectType; record: RecordItem }) {
  const { t } = useTranslation('records');
  const format = useFormat();
  const { object_types: types } = useCatalog();
  const [chosen, setChosen] = useState(ALL);
  const referrings = referringTo(types, type);
  const groups = setType(types, type);
  const sets = useSetIds(type, type.fields.find(({ name }) => name === groups?.members?.field), record.values, record.deleted_at === null ? record.id : null);
  const states = useAllStates(referrings, { id: record.id, sets });
  const filled = referrings.flatMap((referring, index) => {
    const total = states[index]?.total ?? null;
    return total === null || total.count === 0 ? [] : [{ key: referring.type.name, label: format.label(referring.type.labels_plural), count: format.number(total.count) + (total.isCapped ? '+' : '') }];
  });
  const current = filled.some(({ key }) => key === chosen) ? chosen : ALL;
  return (
    <>
      {filled.length > 1 && (
        <Tabs className={styles.kinds} label={t('card.related')} current={current} onChange={setChosen} tabs={[{ key: ALL, label: t('card.all_kinds') }, ...filled]} />
      )}
      {referrings
        .filter((referring) => current === ALL || referring.type.name === current)
        .map((referring) => (
          <ReferringBlock key={`${referring.type.name}/${record.id}`} ofType={type} referring={referring} record={record} sets={sets} isAlone={current !== ALL} />
        ))}
      {current === ALL && (
        <>
          <Related type={type} record={record} />
          <Documents type={type} record={record} />
        </>
      )}
    </>
  );
}
