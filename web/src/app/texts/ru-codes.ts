/** What went wrong, and what boards, spreadsheets, merging and rules of repetition say, in Russian: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>(['/src/api/locales/ru.json', '/src/records/board/locales/ru.json', '/src/records/*/records/locales/ru.json', '/src/fields/*/fields/locales/ru.json'], { eager: true, import: 'default' });
