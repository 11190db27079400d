import { beforeEach, expect, it, vi } from 'vitest';
import { dropDraft, followDrafts, formKey, keptDrafts, readDraft, writeDraft } from './drafts';

const stored = new Map<string, string>();

beforeEach(() => {
  stored.clear();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => {
      stored.set(key, value);
      (storage as Record<string, unknown>)[key] = value;
    },
    removeItem: (key: string) => {
      stored.delete(key);
      // The keys of a storage are those of the object.
      Reflect.deleteProperty(storage, key);
    },
  };
  vi.stubGlobal('sessionStorage', storage);
});

const draft = (isKept: boolean) => ({ label: 'Team', path: '/settings/teams', isKept, values: { name: 'West' } });

it('a draft belongs to a form and a person', () => {
  writeDraft(formKey(1, 'team.7'), draft(true));
  expect(readDraft(formKey(1, 'team.7'))?.values).toEqual({ name: 'West' });
  expect(readDraft(formKey(2, 'team.7'))).toBeNull();
  expect(keptDrafts(2)).toEqual([]);
  expect(keptDrafts(1).map(({ key }) => key)).toEqual(['kartoteka.form.1.team.7']);
  expect(keptDrafts(1)).toBe(keptDrafts(1));
});

it('only those over which the session ended are offered, and whoever follows hears when they go', () => {
  const heard = vi.fn();
  const stop = followDrafts(heard);
  writeDraft(formKey(1, 'team.7'), draft(false));
  expect(keptDrafts(1)).toEqual([]);
  writeDraft(formKey(1, 'team.7'), draft(true));
  dropDraft(formKey(1, 'team.7'));
  dropDraft(formKey(1, 'team.7'));
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
});

it('what makes no sense is no draft', () => {
  for (const text of ['{', 'null', '4', '{"label": "x"}']) {
    sessionStorage.setItem(formKey(1, 'x'), text);
    expect(readDraft(formKey(1, 'x'))).toBeNull();
  }
});
