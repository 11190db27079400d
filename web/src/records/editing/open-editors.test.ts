import { describe, expect, it } from 'vitest';
import { OpenEditors, type OpenEditor } from './open-editors';

function editor(answer: boolean, calls: string[], name: string): OpenEditor {
  return {
    isDirty: () => true,
    commit: () => {
      calls.push(name);
      return Promise.resolve(answer);
    },
    focus: () => calls.push(`focus ${name}`),
    close: () => calls.push(`close ${name}`),
  };
}

describe('OpenEditors', () => {
  it('saves the others when the next field is opened', async () => {
    const calls: string[] = [];
    const editors = new OpenEditors();
    editors.add('channels', editor(true, calls, 'channels'));
    editors.add('position', editor(true, calls, 'position'));
    expect(await editors.commitAll('position')).toEqual([]);
    expect(calls).toEqual(['channels']);
  });

  it('names those that were refused, so that the card stays', async () => {
    const calls: string[] = [];
    const editors = new OpenEditors();
    editors.add('channels', editor(false, calls, 'channels'));
    editors.add('position', editor(true, calls, 'position'));
    expect(await editors.commitAll()).toEqual(['channels']);
  });

  it('forgets an editor that closed, but not its successor', () => {
    const editors = new OpenEditors();
    const close = editors.add('channels', editor(true, [], 'channels'));
    const closeNext = editors.add('channels', editor(true, [], 'channels'));
    close();
    expect(editors.isDirty()).toBe(true);
    closeNext();
    expect(editors.isDirty()).toBe(false);
  });
});
