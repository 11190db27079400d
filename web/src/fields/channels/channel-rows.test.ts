import { describe, expect, it } from 'vitest';
import { newChannel, typedRow } from './channel-rows';

describe('rows of channels', () => {
  const phone = { ...newChannel('phone', []), value: '067' };
  const empty = newChannel('phone', [phone]);

  it('that nobody filled in are not counted by the server', () => {
    expect(typedRow([empty, phone, empty, phone], 0)).toBe(1);
    expect(typedRow([empty, phone, empty, phone], 1)).toBe(3);
    expect(typedRow([phone, phone], 1)).toBe(1);
    expect(typedRow([phone], 4)).toBe(-1);
  });
});
