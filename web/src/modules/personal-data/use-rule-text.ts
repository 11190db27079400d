/** A retention rule in a sentence. */
import { useTranslation } from 'react-i18next';
import type { RetentionRuleInput, RetentionRules } from '@/api/retention';
import { useFormat } from '@/ui/use-format';

/** Says what a rule does, for example "Contacts: 36 months without activity, then to the trash". */
export function useRuleText(types: RetentionRules['types']): (rule: RetentionRuleInput) => string {
  const { t } = useTranslation('personal-data');
  const format = useFormat();
  return (rule) => {
    const period = t(`retention.periods.${rule.unit}`, { count: rule.period, number: format.number(rule.period) });
    const what = types.find((type) => type.name === rule.object_type)?.label ?? rule.object_type;
    return t('retention.sentence', { what, time: t(`retention.times.${rule.basis}`, { period }), then: t(`retention.then.${rule.action}`) });
  };
}
