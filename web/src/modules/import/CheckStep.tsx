import type { ImportItem } from '@/api/types';
import { CheckRunning } from './CheckRunning';
import { CheckResult } from './CheckResult';
import { ReadyToCheck } from './ReadyToCheck';

/** The dry run: before it, while it goes on, and what it found. */
export function CheckStep({ item }: { item: ImportItem }) {
  if (item.state === 'checking') return <CheckRunning item={item} />;
  if (item.state === 'checked' && item.check !== null) return <CheckResult item={item} check={item.check} />;
  return <ReadyToCheck item={item} />;
}
