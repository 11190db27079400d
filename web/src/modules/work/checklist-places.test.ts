import { expect, it } from 'vitest';
import { linesOf, placeAt } from './checklist-places';

it.each([
  [[], 0, 1],
  [[1, 2], 2, 3],
  [[1, 2], 3, 3],
  [[1, 2], 0, 0],
  [[1, 2], 1, 1.5],
  [[1, 1.000_001], 1, null],
])('between %j at %i is %s', (others, to, expected) => expect(placeAt(others, to)).toBe(expected));

it('makes items of lines', () => expect(linesOf(' - Акт\r\n\n2) Счёт\n• Письмо\n[x] Звонок\nДоговор 5')).toEqual(['Акт', 'Счёт', 'Письмо', 'Звонок', 'Договор 5']));
