import { IconWand } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { setsByRuleQuery, type SetByRule } from '@/api/sets';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { RecordLink } from '@/fields/RecordLink';
import { useVocabulary } from '@/fields/reference/vocabulary';
import { asReferences } from '@/fields/values';
import { Popover } from '@/ui/Popover';
import { ancestorIds } from '@/util/tree';
import styles from './membership.module.css';
import { WhyInSet } from './WhyInSet';

/** Below the sets into which a record was put: those to which it belongs by a rule, and why. */
export function SetsByRule({ type, record, field }: { type: ObjectType; record: RecordItem; field: Field }) {
  const { t } = useTranslation('membership');
  const putIn = asReferences(record.values[field.name]).map((set) => set.id);
  const found = useQuery({ ...setsByRuleQuery(type.name, record.id), enabled: record.deleted_at === null });
  const vocabulary = useVocabulary(field.settings.target ?? '');
  const items = vocabulary?.items ?? [];
  const sets = (found.data?.items ?? []).filter((set) => set.field === field.name && !putIn.includes(set.id));
  // A set without a rule has the members of those below it: that goes without saying.
  const isImplied = ({ id }: SetByRule): boolean =>
    items.some((item) => item.id === id && !item.isByRule) && sets.some((other) => ancestorIds(items, other.id).includes(id));
  const shown = sets.filter((set) => !isImplied(set));
  if (shown.length === 0) return null;
  return (
    <div className={styles.row}>
      <span className={styles.label}>{t('by_rule')}</span>
      <ul className={styles.sets} aria-label={t('by_rule')}>
        {shown.map((set) => (
          <li key={set.id} className={styles.set}>
            <IconWand size={14} className={styles.wand} aria-hidden="true" />
            <RecordLink
              type={field.settings.target ?? ''}
              id={set.id}
              className={styles.name}
              among={{ type: type.name, filter: `${field.name} has (${set.id})` }}
            >
              {set.title}
            </RecordLink>
            <Why type={type} record={record} field={field} set={set} sets={sets} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface WhyProps {
  type: ObjectType;
  record: RecordItem;
  field: Field;
  set: SetByRule;
  sets: readonly SetByRule[];
}

function Why({ set, ...rest }: WhyProps) {
  const { t } = useTranslation('membership');
  return (
    <Popover
      label={t('why_named', { name: set.title })}
      trigger={
        <button type="button" className={styles.why} aria-label={t('why_named', { name: set.title })}>
          {t('why')}
        </button>
      }
    >
      {() => <WhyInSet set={set} {...rest} />}
    </Popover>
  );
}
