import { use } from 'react';
import { RelatedBlocks, type RelatedProps } from './related-blocks';

/** What belongs to the record; the module of its type knows. */
export function Related({ type, record }: RelatedProps) {
  const Blocks = use(RelatedBlocks)[type.name];
  return Blocks === undefined ? null : <Blocks type={type} record={record} />;
}
