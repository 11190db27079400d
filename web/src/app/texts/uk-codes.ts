/** What went wrong, in Ukrainian: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>('/src/api/locales/uk.json', { eager: true, import: 'default' });
