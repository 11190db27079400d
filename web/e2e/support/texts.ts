/** The texts of the program in one language, from its own files: what a page says in each language is asked of one test. */
import { readFileSync } from 'node:fs';

export type Language = 'ru' | 'uk' | 'en';

type Node = string | { readonly [key: string]: Node };

/** The text under a key of an area (`records/timeline`), its gaps filled. */
export function textIn(language: Language, area: string, key: string, gaps: Readonly<Record<string, string>> = {}): string {
  const file = new URL(`../../src/${area}/locales/${language}.json`, import.meta.url);
  let node: Node | undefined = JSON.parse(readFileSync(file, 'utf8')) as Node;
  for (const part of key.split('.')) node = typeof node === 'object' ? node[part] : undefined;
  if (typeof node !== 'string') throw new Error(`no text ${key} in ${area}`);
  return node.replace(/\{\{(\w+)\}\}/g, (_, name: string) => gaps[name] ?? '');
}
