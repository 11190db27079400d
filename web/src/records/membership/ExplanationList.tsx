import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import type { FilterCondition } from '@/util/filter-text';
import { useConditionWords } from '../filter-bar/condition-words';
import { ConditionText } from '../filter-bar/ConditionText';
import type { Verdict } from './explanation-parts';
import styles from './membership.module.css';

/** The conditions of a rule, each with its sign; "one of these" and "none of these" stand above their lists. */
export function ExplanationList({ type, verdict }: { type: ObjectType; verdict: Verdict }) {
  const { t } = useTranslation('membership');
  if (verdict.kind === 'condition') {
    return (
      <ul className={styles.reasons}>
        <Reason type={type} holds={verdict.holds} condition={verdict.condition} />
      </ul>
    );
  }
  return (
    <div>
      <p className={styles.joint}>{t(`joint.${verdict.kind}`)}</p>
      <ul className={styles.reasons}>
        {verdict.parts.map((part, index) =>
          part.kind === 'condition' ? (
            <Reason key={index} type={type} holds={part.holds} condition={part.condition} />
          ) : (
            <li key={index} className={styles.nested}>
              <Sign holds={part.holds} />
              <ExplanationList type={type} verdict={part} />
            </li>
          ),
        )}
      </ul>
    </div>
  );
}

function Reason({ type, holds, condition }: { type: ObjectType; holds: boolean; condition: FilterCondition }) {
  const words = useConditionWords(type, condition);
  return (
    <li className={styles.reason}>
      <Sign holds={holds} />
      <span>
        <ConditionText condition={condition} words={words} />
      </span>
    </li>
  );
}

function Sign({ holds }: { holds: boolean }) {
  const { t } = useTranslation('membership');
  const Icon = holds ? IconCheck : IconX;
  return <Icon size={14} className={holds ? styles.holds : styles.fails} role="img" aria-label={t(holds ? 'holds' : 'fails')} />;
}
