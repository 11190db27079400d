import { IconFilter, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectType } from '@/api/types';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import { parseFilter, printFilter } from '@/util/filter-text';
import { ConditionChip } from './ConditionChip';
import { ConditionEditor } from './ConditionEditor';
import { TextFilterChip } from './TextFilterChip';

export interface ConditionChipsProps {
  type: ObjectType;
  /** The text form; empty for no condition. */
  filter: string;
  onChange: (filter: string) => void;
}

/** The conditions of a filter as chips, and the way to one more; what chips cannot show is one chip of text. */
export function ConditionChips({ type, filter, onChange }: ConditionChipsProps) {
  const { t } = useTranslation('records');
  const conditions = parseFilter(filter);
  if (conditions === null) return <TextFilterChip text={filter} onChange={onChange} />;
  return (
    <>
      {conditions.map((condition, index) => (
        <ConditionChip
          key={`${index}/${condition.field}`}
          type={type}
          condition={condition}
          onChange={(next) => onChange(printFilter(conditions.map((other, at) => (at === index ? next : other))))}
          onRemove={() => onChange(printFilter(conditions.filter((_, at) => at !== index)))}
        />
      ))}
      <Popover
        label={t('filter.add')}
        trigger={
          <Button look="dashed" size="small" icon={conditions.length === 0 ? <IconFilter size={16} /> : <IconPlus size={16} />}>
            {t('filter.condition')}
          </Button>
        }
      >
        {(close) => (
          <ConditionEditor
            type={type}
            condition={null}
            onApply={(condition) => {
              onChange(printFilter([...conditions, condition]));
              close();
            }}
          />
        )}
      </Popover>
    </>
  );
}
