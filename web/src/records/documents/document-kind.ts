/** What a file is, by the ending of its name: how it is shown and which icon it has. */
export type DocumentKind = 'picture' | 'pdf' | 'text' | 'table' | 'archive' | 'sound' | 'other';

const ENDINGS: Readonly<Record<Exclude<DocumentKind, 'other'>, readonly string[]>> = {
  picture: ['png', 'jpg', 'jpeg', 'gif', 'webp'],
  pdf: ['pdf'],
  text: ['txt', 'csv', 'tsv', 'log', 'md', 'json', 'xml', 'vcf', 'eml'],
  table: ['xls', 'xlsx', 'ods'],
  archive: ['zip', 'rar', '7z', 'gz'],
  sound: ['mp3', 'ogg', 'wav', 'm4a'],
};

export function documentKind(fileName: string): DocumentKind {
  const ending = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const kinds = Object.keys(ENDINGS) as Exclude<DocumentKind, 'other'>[];
  return kinds.find((kind) => ENDINGS[kind].includes(ending)) ?? 'other';
}
