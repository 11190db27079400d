/** The languages the interface is written in. */
export const LANGUAGES = ['ru', 'uk', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, as its readers look for it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { ru: 'Русский', uk: 'Українська', en: 'English' };

/** Texts by language, as the catalog sends them; at least one language is present. */
export type Labels = Readonly<Partial<Record<string, string>>>;

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The label in the wished language, else English, else the first there is, else nothing. */
export function labelIn(labels: Labels | undefined, language: string): string {
  if (labels === undefined) return '';
  return labels[language] ?? labels.en ?? Object.values(labels).find((label) => label !== undefined) ?? '';
}
