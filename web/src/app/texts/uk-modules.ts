/** The texts of the screens of modules in Ukrainian, by path; they come with the first such screen. */
export const texts = import.meta.glob<object>('/src/modules/**/locales/uk.json', { eager: true, import: 'default' });
