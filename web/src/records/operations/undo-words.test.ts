import { describe, expect, it } from 'vitest';
import { isUndoOffered, undoLine, touchesMany } from './undo-words';

describe('undoLine', () => {
  it('names what, how many, who and when', () =>
    expect(undoLine({ kind: 'Массовое изменение', what: '340 записей', who: 'Олена', when: 'сегодня, 10:15' })).toBe(
      'Массовое изменение: 340 записей · Олена · сегодня, 10:15',
    ));

  it('leaves out what is not known', () =>
    expect(undoLine({ kind: 'Импорт', what: '', who: null, when: '22.11.2026' })).toBe('Импорт · 22.11.2026'));
});

describe('the way back', () => {
  it.each([
    [true, false, true],
    [true, true, false],
    [false, false, false],
  ])('can_undo %s, is_undone %s: %s', (can_undo, is_undone, expected) => expect(isUndoOffered({ can_undo, is_undone })).toBe(expected));
});

describe('touchesMany', () => {
  it('goes by the kind, and by the count where a kind may be of one or of many', () => {
    expect(touchesMany({ kind: 'bulk' })).toBe(true);
    expect(touchesMany({ kind: 'delete', record_count: 1 })).toBe(false);
    expect(touchesMany({ kind: 'delete', record_count: 340 })).toBe(true);
    expect(touchesMany({ kind: 'delete' })).toBe(false);
  });
});
