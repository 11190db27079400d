import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gatheredCountQuery } from './counts';

function serve(): { filters: string[][] } {
  const seen: { filters: string[][] } = { filters: [] };
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    const { filters } = JSON.parse(String(init.body)) as { filters: string[] };
    seen.filters.push(filters);
    if (filters.includes('broken')) return Promise.resolve(new Response('{}', { status: 500 }));
    const counts = filters.map((filter) => ({ count: Number(filter.split(' ')[2]), is_capped: false }));
    return Promise.resolve(new Response(JSON.stringify({ counts }), { status: 200 }));
  });
  return seen;
}

describe('counts of many filters', () => {
  afterEach(() => vi.unstubAllGlobals());
  const ask = (filters: string[]) => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    return Promise.allSettled(filters.map((filter) => client.fetchQuery(gatheredCountQuery('contact', filter))));
  };

  it('are one request for those who ask together, and each gets its own', async () => {
    const seen = serve();
    const filters = Array.from({ length: 40 }, (_, index) => `groups = ${index}`);
    const answers = await ask(filters);
    expect(seen.filters).toEqual([filters]);
    expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value.count)).toEqual(filters.map((_, index) => index));
  });

  it('are asked in portions that the server takes', async () => {
    const seen = serve();
    await ask(Array.from({ length: 250 }, (_, index) => `groups = ${index}`));
    expect(seen.filters.map((filters) => filters.length)).toEqual([100, 100, 50]);
  });

  it('fail together, and the next ones are asked anew', async () => {
    const seen = serve();
    const failed = await ask(['groups = 1', 'broken']);
    expect(failed.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    const [again] = await ask(['groups = 1']);
    expect(again?.status).toBe('fulfilled');
    expect(seen.filters).toHaveLength(2);
  });
});
