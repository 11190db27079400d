import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '@/util/languages';

const SOURCES = path.resolve(__dirname, '..');
const PLURAL = /_(zero|one|two|few|many|other)$/;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}

function flatten(texts: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts) as [string, unknown][]) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, text] of flatten(value, `${prefix}${key}.`)) flat.set(name, text);
    }
  }
  return flat;
}

type Namespace = Record<Language, Map<string, string>>;

const files = filesUnder(SOURCES);
const namespaces = new Map<string, Namespace>();
for (const file of files.filter((name) => /locales[/\\]\w+\.json$/.test(name))) {
  const parts = file.split(path.sep);
  const name = parts.at(-3) ?? '';
  const language = (parts.at(-1) ?? '').replace('.json', '') as Language;
  const texts = namespaces.get(name) ?? { ru: new Map(), uk: new Map(), en: new Map() };
  // A module may add to a namespace of the first load what only its screens need.
  texts[language] = new Map([...texts[language], ...flatten(JSON.parse(readFileSync(file, 'utf8')) as object)]);
  namespaces.set(name, texts);
}

/** The keys without their plural endings. */
function baseKeys(texts: Map<string, string>): string[] {
  return [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, '')))].sort();
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ''))].sort();
}

describe('texts', () => {
  it.each([...namespaces])('%s has the same keys in all languages', (_name, texts) => {
    for (const language of LANGUAGES) expect(baseKeys(texts[language])).toEqual(baseKeys(texts.en));
  });

  it.each([...namespaces])('%s has every plural form of each language', (_name, texts) => {
    for (const language of LANGUAGES) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const plurals = new Set([...texts[language].keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')));
      for (const key of plurals) {
        for (const form of forms) expect([...texts[language].keys()], `${language}: ${key}`).toContain(`${key}_${form}`);
      }
    }
  });

  it.each([...namespaces])('%s fills the same gaps in all languages, and none is empty', (_name, texts) => {
    for (const [key, text] of texts.en) {
      if (PLURAL.test(key)) continue;
      for (const language of LANGUAGES) {
        expect(texts[language].get(key)?.trim(), `${language}: ${key}`).not.toBe('');
        expect(placeholders(texts[language].get(key) ?? ''), `${language}: ${key}`).toEqual(placeholders(text));
      }
    }
  });

  it('has every key that the code uses', () => {
    const missing: string[] = [];
    for (const file of files.filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))) {
      const code = readFileSync(file, 'utf8');
      const own = /useTranslation\(\[?'([\w-]+)'/.exec(code)?.[1];
      for (const [, quote, key = ''] of code.matchAll(/\bt\(\s*(['`])([^'`]+)\1/g)) {
        const [namespace, name] = key.includes(':') ? (key.split(':') as [string, string]) : [own ?? '', key];
        const known = baseKeys(namespaces.get(namespace)?.en ?? new Map<string, string>());
        const variable = quote === '`' ? name.indexOf('${') : -1;
        const isKnown = variable === -1 ? known.includes(name) : known.some((candidate) => candidate.startsWith(name.slice(0, variable)));
        if (!isKnown) missing.push(`${path.relative(SOURCES, file)}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

it('cards find their texts without those of the modules', async () => {
  const { texts } = await import('./texts/ru');
  const areas = Object.keys(texts).map((file) => file.split('/').at(-3));
  expect(areas).toEqual(expect.arrayContaining(['records', 'fields', 'ui', 'app', 'contacts', 'membership']));
  expect(areas).not.toContain('import');
});
