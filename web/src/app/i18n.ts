/**
 * Texts. Each area keeps its own `locales/{ru,uk,en}.json`; the folder above `locales` is the namespace
 * (`src/records/locales/ru.json` → `records`). Only the language in use is loaded; of it the texts of modules with their first screen, and those of
 * errors, boards, spreadsheets and merging behind the first page.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { isLanguage, LANGUAGES, type Language } from '@/util/languages';
import { whenQuiet } from '@/util/when-quiet';

type Load = () => Promise<{ texts: Readonly<Record<string, object>> }>;

const TEXTS: Readonly<Record<Language, Load>> = {
  ru: () => import('./texts/ru'),
  uk: () => import('./texts/uk'),
  en: () => import('./texts/en'),
};
const MODULE_TEXTS: Readonly<Record<Language, Load>> = {
  ru: () => import('./texts/ru-modules'),
  uk: () => import('./texts/uk-modules'),
  en: () => import('./texts/en-modules'),
};
const CODE_TEXTS: Readonly<Record<Language, Load>> = {
  ru: () => import('./texts/ru-codes'),
  uk: () => import('./texts/uk-codes'),
  en: () => import('./texts/en-codes'),
};
const STORED_LANGUAGE = 'kartoteka.language';

/** A screen of a module has been opened. */
let areModulesWanted = false;

async function load(language: Language, from: Readonly<Record<Language, Load>>): Promise<void> {
  const { texts } = await from[language]();
  for (const [path, area] of Object.entries(texts)) {
    const namespace = path.split('/').at(-3) ?? '';
    i18next.addResourceBundle(language, namespace, area, true, true);
  }
}

/** To be waited for before a screen of a module is drawn. */
export async function loadModuleTexts(): Promise<void> {
  areModulesWanted = true;
  if (isLanguage(i18next.language)) await load(i18next.language, MODULE_TEXTS);
}

/** The language chosen last on this device, else that of the browser, else English. */
export function guessLanguage(): Language {
  const stored = localStorage.getItem(STORED_LANGUAGE);
  if (isLanguage(stored)) return stored;
  for (const wish of navigator.languages) {
    const short = wish.slice(0, 2);
    if (isLanguage(short)) return short;
  }
  return 'en';
}

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: false,
    supportedLngs: [...LANGUAGES],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
    // Sentences about errors come behind the page that may want them.
    react: { useSuspense: false, bindI18nStore: 'added' },
  });
  await switchLanguage(guessLanguage());
}

/** Loads the texts first and switches then, so that no key is ever seen. */
export async function switchLanguage(language: Language): Promise<void> {
  await Promise.all([load(language, TEXTS), areModulesWanted ? load(language, MODULE_TEXTS) : undefined]);
  await i18next.changeLanguage(language);
  // Without them an error says only that something went wrong.
  void whenQuiet().then(() => load(language, CODE_TEXTS)).catch(() => undefined);
  document.documentElement.lang = language;
  localStorage.setItem(STORED_LANGUAGE, language);
}
