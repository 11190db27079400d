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
  test('what was changed about a user is said where it is one thing', () => {
    const record = { type: 'user', id: 2, title: 'Ira' };
    const of = (fields: string[], changes: object) => say(en, { kind: 'user_changed', record, details: { fields, changes } });
    expect(of(['is_active'], { is_active: [true, null] })).toBe('Deactivated Ira');
    expect(of(['is_active'], { is_active: [null, true] })).toBe('Let Ira in again');
    expect(of(['schedule'], { schedule: [null, 1] })).toBe('Changed the work schedule of Ira');
    expect(of(['roles', 'head'], {})).toBe('Changed rights of Ira');
  });

  test('every kind has a name in every language', () => {
    const kinds = schema.components.schemas.AuditEvent.properties.kind.enum;
    for (const texts of [en, ru, uk]) expect(Object.keys(texts.kinds).sort()).toEqual([...kinds].sort());
    expect(KINDS.flatMap((group) => [...group.kinds] as string[]).sort()).toEqual([...kinds].sort());
  });

  test('every kind has a sentence in every language, about a record and without one', () => {
    const kinds = schema.components.schemas.AuditEvent.properties.kind.enum as AuditEvent['kind'][];
    const record = { id: 5, title: 'Ірина', type: 'contact' };
    // What these kinds cannot be without, as the program writes them.
    const needed: Partial<Record<AuditEvent['kind'], Partial<AuditEvent>>> = {
      exported: { details: { what: 'list', stage: 'started' } },
      denied: { outcome: 'denied', details: { method: 'GET', path: '/x' } },
    };
    const silent = kinds.flatMap((kind) =>
      [en, ru, uk].flatMap((texts) =>
        [null, record].flatMap((about) => {
          const said = sentenceKeys({ ...EVENT, kind, record: about, ...needed[kind] }).find((key) => key in texts.says);
          // These are always about somebody.
          const isImpossible = about === null && [`${kind}_of`, `${kind}_started_of`].some((key) => key in texts.says) && !(kind in texts.says);
          return said === undefined && !isImpossible ? [`${kind} ${about === null ? 'alone' : 'of'}`] : [];
        }),
      ),
    );
    expect(silent).toEqual([]);
    expect(Object.keys(ru.says)).toEqual(Object.keys(en.says));
    expect(Object.keys(uk.says)).toEqual(Object.keys(en.says));
    for (const key of Object.keys(en.says)) expect(kinds.some((kind) => key.startsWith(kind)), key).toBe(true);
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
    expect(say(en, { kind: 'webhook_removed' })).toBe('Removed a webhook');
    const contact = { id: 5, title: 'Ірина', type: 'contact' };
    expect(say(en, { kind: 'person_exported', record: contact, details: { stage: 'downloaded' } })).toBe('Downloaded all data of Ірина');
    expect(say(uk, { outcome: 'failure', record: user, details: { method: 'app_password', reason: 'wrong_app_password' } })).toBe(
      'Програму не допущено під іменем «Мария»: неправильний пароль програми',
    );
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
