import type { ObjectType, RecordItem } from '@/api/types';
import { asText, asTexts } from '@/fields/values';
import { Badge } from '@/ui/Badge';
import { useFormat } from '@/ui/use-format';
import { RestrictedMark } from '../RestrictedMark';
import styles from './Identity.module.css';

/** The coloured options of the card, where the eye falls first. */
export function CardBadges({ type, record }: { type: ObjectType; record: RecordItem }) {
  const format = useFormat();
  const badges = type.fields.flatMap((field) => {
    if (field.kind !== 'choice' && field.kind !== 'choice_set') return [];
    const value = record.values[field.name];
    const chosen = field.kind === 'choice' ? [asText(value)] : asTexts(value);
    return (field.settings.options ?? [])
      .filter((option) => option.color && chosen.includes(option.key))
      .map((option) => ({ key: `${field.name}/${option.key}`, color: option.color, label: format.label(option.labels), field: format.label(field.labels) }));
  });
  if (badges.length === 0 && record.is_restricted !== true) return null;
  return (
    <div className={styles.badges}>
      <RestrictedMark record={record} />
      {badges.map((badge) => (
        <span key={badge.key} title={badge.field}>
          <Badge color={badge.color}>{badge.label}</Badge>
        </span>
      ))}
    </div>
  );
}
