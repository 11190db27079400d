import { Badge } from '@/ui/Badge';
import { useFormat } from '@/ui/use-format';
import type { DisplayProps } from '../field-ui';
import styles from '../fields.module.css';
import { Nothing } from '../Nothing';
import { asTexts } from '../values';

export function ChoiceSetDisplay({ field, value, isCompact = false }: DisplayProps) {
  const format = useFormat();
  const keys = asTexts(value);
  if (keys.length === 0) return <Nothing />;
  const options = keys.map((key) => field.settings.options?.find((option) => option.key === key) ?? { key, labels: { en: key } });
  return (
    <span
      className={isCompact ? styles.badgesCompact : styles.badges}
      title={isCompact ? options.map((option) => format.label(option.labels)).join(', ') : undefined}
    >
      {options.map((option) => (
        <Badge key={option.key} color={'color' in option ? option.color : null}>
          {format.label(option.labels)}
        </Badge>
      ))}
    </span>
  );
}
