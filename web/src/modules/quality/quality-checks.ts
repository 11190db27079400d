/** What a good base has, as filters for the cards that lack it. */
export interface QualityCheck {
  key: string;
  kind: 'person' | 'company';
  /** What is missing, in the filter language. */
  missing: string;
}

const EVERY_CARD: readonly Omit<QualityCheck, 'kind'>[] = [
  { key: 'phone', missing: 'channels.phone is empty' },
  { key: 'email', missing: 'channels.email is empty' },
  { key: 'type', missing: 'contact_type is empty' },
  { key: 'source', missing: 'source is empty' },
  { key: 'manager', missing: 'managers is empty' },
];

const OF_KIND: Readonly<Record<QualityCheck['kind'], readonly Omit<QualityCheck, 'kind'>[]>> = {
  person: [
    { key: 'company', missing: 'parent is empty' },
    { key: 'position', missing: 'parent is not empty and position is empty' },
  ],
  company: [
    { key: 'address', missing: 'addresses is empty' },
    { key: 'requisites', missing: 'requisites_country is empty' },
    { key: 'contact_person', missing: 'has_contact_person = false' },
  ],
};

export function qualityChecks(kind: QualityCheck['kind']): QualityCheck[] {
  return [...EVERY_CARD, ...OF_KIND[kind]].map((check) => ({ ...check, kind }));
}

export function wholeFilter(check: Pick<QualityCheck, 'kind' | 'missing'>): string {
  return `kind = "${check.kind}" and ${check.missing}`;
}

/** How much of what cards should have they do have, from 0 to 1; null while nothing is known or there are no cards. */
export function completeness(total: number | null | undefined, missing: readonly (number | null | undefined)[]): number | null {
  if (!total) return null;
  const known = missing.filter((count) => count !== null && count !== undefined);
  if (known.length === 0) return null;
  return 1 - known.reduce((sum, count) => sum + Math.min(count, total) / total, 0) / known.length;
}
