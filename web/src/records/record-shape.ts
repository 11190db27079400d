import type { RecordItem } from '@/api/types';

/** Companies are square, people are round; types without a kind are round. */
export function shapeOf(record: Pick<RecordItem, 'values'>): 'round' | 'square' {
  return record.values.kind === 'company' ? 'square' : 'round';
}
