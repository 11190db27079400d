/** An event of the audit log in words. */
import type { AuditEvent } from '@/api/audit';

export type Translate = (key: string, params?: Record<string, unknown>) => string;
export type Exists = (key: string) => boolean;

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What the record of an event is called; its number where the reader may not see its name. */
export function recordName(event: AuditEvent, say: Translate): string | null {
  const { record } = event;
  if (record?.id === null || record?.id === undefined) return null;
  return record.title ?? say('record_number', { id: record.id });
}

/** The details that say in which way it happened. */
const MANNERS = ['action', 'stage', 'method', 'section'] as const;

function webhookStems(details: Readonly<Record<string, unknown>>): string[] {
  if (details.secret !== undefined) return ['webhook_changed_secret'];
  return details.off_reason === undefined ? [] : ['webhook_changed_off'];
}

/** One thing was changed about a user: what it is says more than that his rights were. */
function userStems({ changes, fields }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(fields) || fields.length !== 1) return [];
  const field = word(fields[0]);
  if (field !== 'is_active') return [`user_changed_${field}`];
  const [, after] = ((changes as Record<string, unknown> | undefined)?.is_active ?? []) as unknown[];
  return [after === true ? 'user_changed_activated' : 'user_changed_deactivated'];
}

function stemsOfDetails(kind: string, details: Readonly<Record<string, unknown>>): string[] {
  if (kind === 'webhook_changed') return webhookStems(details);
  return kind === 'user_changed' ? userStems(details) : [];
}

/** The keys that could say it, the most telling first. */
export function sentenceKeys(event: AuditEvent): string[] {
  const { kind, outcome, details } = event;
  if (kind === 'exported') {
    const what = word(details.what);
    const stage = word(details.stage);
    return what === 'list' || what === '' ? [`exported_${stage}`] : [`exported_${what}_${stage}`, `exported_${stage}`];
  }
  const ended = outcome === 'success' ? kind : `${kind}_${outcome}`;
  const manner = MANNERS.map((name) => word(details[name])).find((found) => found !== '');
  const stems = [...(manner === undefined ? [] : [`${ended}_${manner}`]), ...stemsOfDetails(kind, details), ended, kind];
  const isAboutRecord = event.record?.id !== null && event.record?.id !== undefined;
  return isAboutRecord ? stems.flatMap((stem) => [`${stem}_of`, stem]) : stems;
}

/** What happened, in a sentence. */
export function sentence(event: AuditEvent, say: Translate, exists: Exists): string {
  const key = sentenceKeys(event).find((candidate) => exists(`says.${candidate}`));
  if (key === undefined) return say(`kinds.${event.kind}`);
  const reason = word(event.details.reason);
  return say(`says.${key}`, {
    record: recordName(event, say) ?? '',
    reason: say(exists(`reasons.${reason}`) ? `reasons.${reason}` : 'reasons.other'),
    count: typeof event.details.count === 'number' ? event.details.count : 1,
    path: `${word(event.details.method)} ${word(event.details.path)}`,
    name: word(event.details.name),
  });
}

/** The details for reading: one line each, in the order in which they came. */
export function detailLines(details: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}
