/** The texts of the screens of modules in Russian, by path; they come with the first such screen. */
export const texts = import.meta.glob<object>('/src/modules/**/locales/ru.json', { eager: true, import: 'default' });
