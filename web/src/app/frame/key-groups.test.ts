import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import ru from '../locales/ru.json';
import { keyGroups } from './key-groups';

const groups = keyGroups((key) => `Ctrl ${key}`);
const source = (file: string): string => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');

describe('the list of keys', () => {
  it('has a text for each', () => {
    const texts: Readonly<Record<string, string>> = ru.keys;
    for (const { title, entries } of groups) {
      expect(texts[title], title).toBeTruthy();
      for (const { text } of entries) expect(texts[text], text).toBeTruthy();
    }
  });

  it('names a thing once', () => {
    const texts = groups.flatMap(({ entries }) => entries.map(({ text }) => text));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('knows every key of the cursor of a list', () => {
    const moves = [...source('records/list/use-grid-keys.ts').matchAll(/case '(\w+)'/g)].map((match) => match[1] ?? '');
    const shown: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', PageUp: 'PgUp', PageDown: 'PgDn' };
    const listed = groups.flatMap(({ entries }) => entries.flatMap(({ keys }) => keys));
    expect(moves.length).toBeGreaterThan(0);
    for (const key of moves) expect(listed).toContain(shown[key] ?? key);
  });
});
