/** What went wrong, in English: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>('/src/api/locales/en.json', { eager: true, import: 'default' });
