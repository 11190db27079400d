import type { Field } from '@/api/types';
import type { FieldPart } from '../field-ui';

/** Channels are filtered by kind: `channels.phone contains "067"`. */
export function channelParts(field: Field): FieldPart[] {
  return (field.settings.kinds ?? []).map((kind) => ({ key: kind.key, labels: kind.labels }));
}
