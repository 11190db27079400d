/** What went wrong, and what boards, spreadsheets, merging and rules of repetition say, in English: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>(['/src/api/locales/en.json', '/src/records/board/locales/en.json', '/src/records/*/records/locales/en.json', '/src/fields/*/fields/locales/en.json'], { eager: true, import: 'default' });
