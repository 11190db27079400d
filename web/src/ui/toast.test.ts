import { beforeEach, describe, expect, it } from 'vitest';
import { hideToast, hideToastsOf, showToast, toastStore } from './toast';

const undo = { action: { label: 'Undo', onPress: () => undefined } };
const texts = () => toastStore.read().map((message) => message.text);

describe('messages', () => {
  beforeEach(() => {
    for (const message of toastStore.read()) hideToast(message.id);
  });

  it('keep what offers an undo when other work ends beside it', () => {
    showToast('merged', undo);
    showToast('search done');
    expect(texts()).toEqual(['merged', 'search done']);
    showToast('saved');
    expect(texts()).toEqual(['merged', 'saved']);
  });

  it('are three at most, the newest last', () => {
    for (const text of ['a', 'b', 'c', 'd']) showToast(text, undo);
    expect(texts()).toEqual(['b', 'c', 'd']);
  });

  it('go one by one', () => {
    showToast('a', undo);
    showToast('b', undo);
    hideToast(toastStore.read()[0]?.id ?? 0);
    expect(texts()).toEqual(['b']);
  });

  it('go with what they offer to take back, and with nothing else', () => {
    const undoOf = (operation: number) => ({ action: { label: 'Undo', undoes: operation, onPress: () => undefined } });
    showToast('first', undoOf(7));
    showToast('second', undoOf(8));
    showToast('file', undo);
    hideToastsOf(7);
    expect(texts()).toEqual(['second', 'file']);
  });
});
