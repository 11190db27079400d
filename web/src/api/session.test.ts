import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { keys } from './keys';
import { beginSession, endSession } from './session';
import type { Session } from './types';

const next = { user: { id: 2, name: 'Богдан' } } as unknown as Session;

function usedClient(): QueryClient {
  const client = new QueryClient();
  client.setQueryData(keys.session, { user: { id: 1, name: 'Ада' } });
  client.setQueryData(keys.catalog, { version: 7, object_types: [] });
  client.setQueryData(keys.list('contact', {}), { pages: [] });
  client.setQueryData(keys.jobs, { items: [] });
  return client;
}

describe('a session', () => {
  it('begins with nothing of the person before', () => {
    const client = usedClient();
    beginSession(client, next);
    expect(client.getQueryCache().getAll().map((query) => query.queryKey)).toEqual([keys.session]);
    expect(client.getQueryData(keys.session)).toEqual(next);
  });

  it('leaves nothing behind when it ends', () => {
    const client = usedClient();
    endSession(client);
    expect(client.getQueryCache().getAll().map((query) => query.queryKey)).toEqual([keys.session]);
    expect(client.getQueryData(keys.session)).toBeNull();
  });
});
