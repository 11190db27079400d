/** The texts of lists, cards and the frame in Ukrainian, by path: one file of the build, hence one request. */
export const texts = import.meta.glob<object>(
  ['/src/**/locales/uk.json', '!/src/modules/**', '/src/modules/contacts/locales/uk.json'],
  { eager: true, import: 'default' },
);
