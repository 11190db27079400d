import { describe, expect, it } from 'vitest';
import { edges } from './keep-clear';

const WINDOW = { width: 1440, height: 900 };
const totals = { left: 220, right: 1440, top: 864, bottom: 900 };
const panel = { left: 960, right: 1440, top: 48, bottom: 900 };

describe('messages stay clear of', () => {
  it.each([
    ['nothing', [], { foot: 0, side: 0 }],
    ['the highest strip at the lower edge', [totals, { left: 500, right: 1100, top: 800, bottom: 848 }], { foot: 100, side: 0 }],
    ['the card at the right edge', [totals, panel], { foot: 36, side: 480 }],
    ['no strip that is not shown', [{ left: 0, right: 0, top: 0, bottom: 0 }], { foot: 0, side: 0 }],
  ])('%s', (_what, boxes, expected) => expect(edges(boxes, WINDOW)).toEqual(expected));

  it('no card that leaves too little room beside it', () => {
    expect(edges([{ left: 0, right: 390, top: 48, bottom: 844 }], { width: 390, height: 844 })).toEqual({ foot: 0, side: 0 });
  });
});
