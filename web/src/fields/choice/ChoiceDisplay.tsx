import { Badge } from '@/ui/Badge';
import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import { Nothing } from '../Nothing';
import { asText } from '../values';

/** An option with a colour is a badge, one without is a word. */
export function ChoiceDisplay({ field, value }: DisplayProps) {
  const format = useFormat();
  const key = asText(value);
  if (key === '') return <Nothing />;
  const option = field.settings.options?.find((candidate) => candidate.key === key);
  const label = option === undefined ? key : format.label(option.labels);
  return option?.color ? <Badge color={option.color}>{label}</Badge> : <span>{label}</span>;
}
