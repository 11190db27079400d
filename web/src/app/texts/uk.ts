/** All texts in Ukrainian, by path: one file of the build, hence one request. */
export const texts = import.meta.glob<object>('/src/**/locales/uk.json', { eager: true, import: 'default' });
