/** The domains of a text that somebody typed: apart by commas, blanks or lines, with or without the `@`. */
export function domainsOf(text: string): string[] {
  const parts = text.split(/[\s,;]+/u).map((part) => part.replace(/^@/u, '').toLowerCase());
  return [...new Set(parts.filter((part) => part !== ''))];
}
