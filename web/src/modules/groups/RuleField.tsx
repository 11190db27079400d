import { IconCode } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { ConditionChips } from '@/records/filter-bar/ConditionChips';
import { FilterTextForm } from '@/records/filter-bar/TextFilterChip';
import { FieldError } from '@/ui/FormField';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import styles from './Groups.module.css';
import { Rehearsal } from './Rehearsal';

export interface RuleFieldProps {
  /** The type of the members. */
  type: ObjectType;
  rule: string;
  /** What is wrong with it, in words. */
  problem?: string;
  onChange: (rule: string) => void;
}

/** The rule of a group: conditions as in a list, their text for what chips cannot show, and who fits right now. */
export function RuleField({ type, rule, problem, onChange }: RuleFieldProps) {
  const { t } = useTranslation('groups');
  return (
    <div className={styles.field} role="group" aria-labelledby="group-rule-label" data-problem={problem === undefined ? undefined : ''}>
      <span id="group-rule-label" className={styles.label}>
        {t('rule')}
        <span className={styles.required} aria-hidden="true">
          *
        </span>
      </span>
      <div className={styles.rule}>
        <div className={styles.chips}>
          <ConditionChips type={type} filter={rule} onChange={onChange} />
          <Popover label={t('rule_as_text')} trigger={<IconButton size="small" label={t('rule_as_text')} icon={<IconCode size={16} />} />}>
            {(close) => (
              <FilterTextForm
                text={rule}
                onApply={(text) => {
                  onChange(text);
                  close();
                }}
              />
            )}
          </Popover>
        </div>
        <Rehearsal type={type} rule={rule} />
      </div>
      {problem !== undefined && <FieldError id="group-rule-error">{problem}</FieldError>}
    </div>
  );
}
