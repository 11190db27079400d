import { use } from 'react';
import { MainBlocks, RelatedBlocks, type RelatedProps } from './related-blocks';

/** What belongs to the record; the module of its type knows. */
export function Related({ type, record }: RelatedProps) {
  const Blocks = use(RelatedBlocks)[type.name];
  return Blocks === undefined ? null : <Blocks type={type} record={record} />;
}

/** What is worked on in the record itself; the module of its type knows. */
export function Main({ type, record }: RelatedProps) {
  const Blocks = use(MainBlocks)[type.name];
  return Blocks === undefined ? null : <Blocks type={type} record={record} />;
}
