import type { RecordCount } from '@/api/types';
import { useFormat } from '@/ui/use-format';

/** `1 284`, or `10 000+` where the server stopped counting. */
export function CountText({ count }: { count: RecordCount }) {
  const format = useFormat();
  return <>{format.number(count.count) + (count.is_capped ? '+' : '')}</>;
}
