/** Where one stands in a queue whose clusters come and go. */
import type { DuplicateCluster } from '@/api/types';

/** The same records at the same versions are the same cluster. */
export function clusterKey(cluster: Pick<DuplicateCluster, 'records'>): string {
  return cluster.records.map((record) => `${record.id}:${record.version}`).join('-');
}

/** The cluster one was at; when it has gone, the one that moved into its place, or the last. */
export function placeAfter(keys: readonly string[], place: { key: string; index: number } | null): number {
  if (place === null) return 0;
  const found = keys.indexOf(place.key);
  return found === -1 ? Math.max(0, Math.min(place.index, keys.length - 1)) : found;
}
