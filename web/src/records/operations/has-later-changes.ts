import type { QueryClient } from '@tanstack/react-query';
import { laterChangesQuery } from '@/api/operations';

/**
 * Whether something was changed since an operation, as far as the first look tells: of a very large one the undo itself finds the rest.
 * Where it cannot be told the undo goes on and keeps it.
 */
export async function hasLaterChanges(client: QueryClient, operationId: number): Promise<boolean> {
  try {
    const { pages } = await client.fetchInfiniteQuery(laterChangesQuery(operationId));
    return pages.some((page) => page.items.length > 0);
  } catch {
    return false;
  }
}
