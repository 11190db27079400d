/** The texts of the screens of modules in English, by path; they come with the first such screen. */
export const texts = import.meta.glob<object>('/src/modules/**/locales/en.json', { eager: true, import: 'default' });
