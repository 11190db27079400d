import { expect, it } from 'vitest';
import { isFocusFree } from './use-takes-keys';

const element = (tagName: string, isInMenu = false) => ({ tagName, closest: () => (isInMenu ? {} : null) }) as unknown as Element;

it.each([
  ['nothing has it', null, true],
  ['the page has it', element('BODY'), true],
  ['the link of the menu that led here has it', element('A', true), true],
  ['a link of the page has it', element('A'), false],
  ['a button of the menu has it', element('BUTTON', true), false],
  ['a field has it', element('INPUT'), false],
])('the focus: %s', (_what, active, expected) => expect(isFocusFree(active)).toBe(expected));
