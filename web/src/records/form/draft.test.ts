import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectType } from '@/api/types';
import { dropDraft, readDraft, writeDraft } from './draft';

const type = { name: 'contact', fields: [] } as unknown as ObjectType;
const of = (userId: number) => ({ userId, type, section: undefined });

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  });
});

describe('a draft', () => {
  it('belongs to the person who typed it', () => {
    writeDraft(of(1), { last_name: 'Таємний' });
    expect(readDraft(of(2))).toEqual({});
    expect(readDraft(of(1))).toEqual({ last_name: 'Таємний' });
    dropDraft(of(2));
    expect(readDraft(of(1))).toEqual({ last_name: 'Таємний' });
    dropDraft(of(1));
    expect(readDraft(of(1))).toEqual({});
  });

  it('gives way to what the form was opened for', () => {
    const parent = { id: 7, title: 'ТОВ', type: 'contact' };
    expect(readDraft(of(1), { parent })).toEqual({ parent });
    writeDraft(of(1), { last_name: 'Таємний', parent: { ...parent, id: 8 } });
    expect(readDraft(of(1), { parent })).toEqual({ last_name: 'Таємний', parent });
  });
});
