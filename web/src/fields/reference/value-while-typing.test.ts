import { expect, it } from 'vitest';
import { valueWhileTyping } from './value-while-typing';

const company = { id: 4, title: 'ТОВ «Явір»', type: 'contact' };

it('a cleared field is empty; typing another name without choosing it erases nothing', () => {
  expect(valueWhileTyping('', company)).toBeNull();
  expect(valueWhileTyping('Кар', company)).toBe(company);
  expect(valueWhileTyping('Кар', null)).toBeNull();
});
