import { describe, expect, test } from 'vitest';
import type { AuditEvent } from '@/api/audit';
import schema from '../../../../openapi.json';
import en from './locales/en.json';
import ru from './locales/ru.json';
import uk from './locales/uk.json';
import { KINDS } from './kinds';
import { detailLines, sentence, sentenceKeys } from './sentence';

const EVENT: AuditEvent = {
  id: 1,
  at: '2026-11-23T08:00:00.000Z',
  user: null,
  proof: null,
  source: 'web',
  address: null,
  kind: 'login',
  outcome: 'success',
  record: null,
  details: {},
  hash: '',
};

function lookUp(texts: object, key: string): unknown {
  return key.split('.').reduce<unknown>((place, part) => (place as Record<string, unknown> | undefined)?.[part], texts);
}

function say(texts: object, part: Partial<AuditEvent>): string {
  const t = (key: string, params: Record<string, unknown> = {}) =>
    String(lookUp(texts, key)).replace(/{{(\w+)}}/g, (_, name: string) => String(params[name]));
  return sentence({ ...EVENT, ...part }, t, (key) => typeof lookUp(texts, key) === 'string');
}

describe('the audit log in words', () => {
  test('every kind has a name in every language', () => {
    const kinds = schema.components.schemas.AuditEvent.properties.kind.enum;
    for (const texts of [en, ru, uk]) expect(Object.keys(texts.kinds).sort()).toEqual([...kinds].sort());
    expect(KINDS.flatMap((group) => [...group.kinds] as string[]).sort()).toEqual([...kinds].sort());
  });

  test('events say who, what and why', () => {
    const user = { id: 7, title: 'Мария', type: 'user' };
    expect(say(ru, {})).toBe('Вход в систему');
    expect(say(ru, { outcome: 'failure', record: user, details: { reason: 'wrong_password' } })).toBe(
      'Вход под именем «Мария» не удался: неверный пароль',
    );
    expect(say(en, { outcome: 'failure', details: { reason: 'something new' } })).toBe('Login refused: see the details');
    expect(say(en, { kind: 'exported', details: { what: 'everything', stage: 'written' } })).toBe('Exported the whole base');
    expect(say(uk, { kind: 'exported', details: { what: 'list', stage: 'written', count: 12 } })).toBe('Вивантажено записів: 12');
    expect(say(en, { kind: 'card_viewed', record: { id: 5, title: null, type: 'contact' } })).toBe('Opened the private card No. 5');
    expect(say(en, { kind: 'denied', outcome: 'denied', details: { method: 'POST', path: '/x' } })).toBe('Refused: POST /x');
    expect(say(en, { kind: 'webhook_removed' })).toBe('Webhooks removed');
  });

  test('the most telling sentence comes first', () => {
    expect(sentenceKeys({ ...EVENT, kind: 'login', outcome: 'failure', record: { id: 1, title: null, type: 'user' } })[0]).toBe('login_failure_of');
  });

  test('details are lines', () => {
    expect(detailLines({ reason: 'x', count: 2, none: null, list: ['a'] })).toEqual([
      ['reason', 'x'],
      ['count', '2'],
      ['list', '["a"]'],
    ]);
  });
});
