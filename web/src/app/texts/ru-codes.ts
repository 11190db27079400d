/** What went wrong, in Russian: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>('/src/api/locales/ru.json', { eager: true, import: 'default' });
