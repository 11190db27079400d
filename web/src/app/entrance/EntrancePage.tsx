import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '@/util/languages';
import { Select } from '@/ui/Select';
import { useTitle } from '@/ui/use-title';
import { switchLanguage } from '../i18n';
import styles from './EntrancePage.module.css';

/** The page before the login: the name of the program, a form, the language. */
export function EntrancePage({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation('app');
  useTitle(title);
  return (
    <main className={styles.page}>
      <div className={styles.sheet}>
        <p className={styles.brand}>
          <img src="/favicon.svg" width={28} height={28} alt="" />
          Kartoteka
        </p>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </div>
      <Select
        className={styles.language}
        size="small"
        aria-label={t('login.language')}
        value={i18n.language}
        options={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
        onChange={(language) => void switchLanguage(language as Language)}
      />
    </main>
  );
}
