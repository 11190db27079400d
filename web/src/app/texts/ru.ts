/** The texts of lists, cards and the frame in Russian, by path: one file of the build, hence one request. */
export const texts = {
  ...import.meta.glob<object>(['/src/**/locales/ru.json', '!/src/modules/**', '!/src/api/**', '!/src/records/board/**', '!/src/records/*/records/**', '!/src/fields/*/fields/**'], { eager: true, import: 'default' }),
  // Drawn on cards.
  ...import.meta.glob<object>('/src/modules/contacts/locales/ru.json', { eager: true, import: 'default' }),
};
