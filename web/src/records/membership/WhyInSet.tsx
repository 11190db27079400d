import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isApiError } from '@/api/client';
import { useErrorText } from '@/api/errors';
import { explanationQuery, type SetByRule } from '@/api/sets';
import type { Field, ObjectType, RecordItem } from '@/api/types';
import { useVocabulary, type Vocabulary, type VocabularyItem } from '@/fields/reference/vocabulary';
import { asText } from '@/fields/values';
import { Skeleton } from '@/ui/Skeleton';
import { ancestorIds } from '@/util/tree';
import { ExplanationList } from './ExplanationList';
import { readVerdict } from './explanation-parts';
import styles from './membership.module.css';

export interface WhyInSetProps {
  type: ObjectType;
  record: RecordItem;
  field: Field;
  set: SetByRule;
  /** All that the record belongs to by a rule: a set has the members of those below it. */
  sets: readonly SetByRule[];
}

function ruleOf(vocabulary: Vocabulary, item: VocabularyItem | undefined): string {
  const rule = vocabulary.type.fields.find((field) => field.kind === 'filter');
  return rule === undefined ? '' : asText(item?.record.values[rule.name]);
}

/** The rule of a set with its verdicts on the record, or the set below it that brings the record in. */
export function WhyInSet({ type, record, field, set, sets }: WhyInSetProps) {
  const { t } = useTranslation('membership');
  const errorText = useErrorText();
  const vocabulary = useVocabulary(field.settings.target ?? '');
  const rule = vocabulary === null ? '' : ruleOf(vocabulary, vocabulary.items.find((item) => item.id === set.id));
  const explanation = useQuery({ ...explanationQuery(type.name, record.id, rule), enabled: rule !== '' });
  const below = sets.filter((other) => vocabulary !== null && ancestorIds(vocabulary.items, other.id).includes(set.id));
  const verdict = explanation.data === undefined ? null : readVerdict(explanation.data, field.name);
  const isWaiting = vocabulary?.isPending === true || (rule !== '' && explanation.isPending);
  return (
    <div className={styles.sheet}>
      <p className={styles.sheetTitle}>{t('why_title', { name: set.title })}</p>
      {isWaiting && <Skeleton lines={2} label={t('loading')} />}
      {explanation.isError && (
        // A rule may ask about a field that this reader does not see.
        <p className={styles.hint}>{isApiError(explanation.error) && explanation.error.code === 'filter_invalid' ? t('hidden_field') : errorText(explanation.error)}</p>
      )}
      {verdict !== null && explanation.data?.holds === true && <ExplanationList type={type} verdict={verdict} />}
      {explanation.data?.holds !== true && below.length > 0 && (
        <>
          <p className={styles.joint}>{t('by_set_below')}</p>
          <ul className={styles.reasons}>
            {below.map((other) => (
              <li key={other.id} className={styles.chipValue}>
                {other.title}
              </li>
            ))}
          </ul>
        </>
      )}
      {explanation.data?.holds === false && below.length === 0 && <p className={styles.hint}>{t('no_more')}</p>}
    </div>
  );
}
