/** What went wrong, and what boards, spreadsheets, merging and rules of repetition say, in Ukrainian: loaded behind the first page, which needs none of it. */
export const texts = import.meta.glob<object>(['/src/api/locales/uk.json', '/src/records/board/locales/uk.json', '/src/records/*/records/locales/uk.json', '/src/fields/*/fields/locales/uk.json'], { eager: true, import: 'default' });
