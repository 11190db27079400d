import { describe, expect, it } from 'vitest';
import type { RecordItem } from '@/api/types';
import { clusterKey, placeAfter } from './queue-place';

describe('placeAfter', () => {
  it('stays with its cluster, and moves on when that has gone', () => {
    expect(placeAfter(['a', 'b', 'c'], null)).toBe(0);
    expect(placeAfter(['x', 'a', 'b'], { key: 'b', index: 1 })).toBe(2);
    expect(placeAfter(['a', 'c', 'd'], { key: 'b', index: 1 })).toBe(1);
    expect(placeAfter(['a'], { key: 'b', index: 1 })).toBe(0);
    expect(placeAfter([], { key: 'b', index: 1 })).toBe(0);
  });
});

describe('clusterKey', () => {
  it('tells a changed record from the one that was compared', () => {
    const record = (id: number, version: number): RecordItem => ({ id, version }) as RecordItem;
    expect(clusterKey({ records: [record(1, 2), record(3, 1)] })).toBe('1:2-3:1');
    expect(clusterKey({ records: [record(1, 3), record(3, 1)] })).not.toBe('1:2-3:1');
  });
});
