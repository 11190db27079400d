import { useQuery } from '@tanstack/react-query';
import { recordQuery } from '@/api/records';
import type { ObjectType } from '@/api/types';
import { AsOfDialog } from '../card/AsOfDialog';

/** A record of a list of the past: as it was then, beside what it is now. */
export function PastRecord({ type, id, at, onClose }: { type: ObjectType; id: number; at: string; onClose: () => void }) {
  const record = useQuery(recordQuery(type.name, id));
  return record.data === undefined ? null : <AsOfDialog type={type} record={record.data} at={at} intro="moment" onClose={onClose} />;
}
