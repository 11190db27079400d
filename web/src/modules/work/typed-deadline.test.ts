import { expect, it } from 'vitest';
import { formatsOf } from '@/util/format';
import { deadlineOf, typedTask } from './typed-deadline';

/** Monday. */
const NOW = new Date('2026-11-23T10:00:00Z');
const ZONE = 'Europe/Kyiv';

it.each([
  ['Позвонить Гайовой', 'Позвонить Гайовой', null, null],
  ['Позвонить Гайовой завтра в 15:00', 'Позвонить Гайовой', '2026-11-24', '15:00'],
  ['Подзвонити о 9:30 післязавтра', 'Подзвонити', '2026-11-25', '09:30'],
  ['Call the office on friday at 9', 'Call the office', '2026-11-27', '09:00'],
  ['Отчёт в понедельник', 'Отчёт', '2026-11-30', null],
  ['Звіт 25.11', 'Звіт', '2026-11-25', null],
  ['Отчёт за 22.11', 'Отчёт за', '2027-11-22', null],
  ['Договор через 3 дня', 'Договор', '2026-11-26', null],
  ['Договор через неделю', 'Договор', '2026-11-30', null],
  ['Report in 2 weeks 10:15', 'Report', '2026-12-07', '10:15'],
  ['Купить 15', 'Купить 15', null, null],
  ['завтра', 'завтра', null, null],
  ['Завтра в 15:00', 'Завтра в 15:00', null, null],
  ['Отгрузка 01.02.2027', 'Отгрузка', '2027-02-01', null],
])('%s', (line, title, day, time) => expect(typedTask(line, formatsOf('ru'), ZONE, NOW)).toEqual({ title, day, time }));

it.each([
  [null, null, '2026-11-23T16:00:00.000Z'],
  [null, '09:00', '2026-11-24T07:00:00.000Z'],
  ['2026-11-24', null, '2026-11-24T16:00:00.000Z'],
  ['2026-11-24', '08:00', '2026-11-24T06:00:00.000Z'],
])('the deadline of %s, %s', (day, time, expected) => expect(deadlineOf({ title: '', day, time }, ZONE, NOW)).toBe(expected));

it('takes the rest of the day in the evening', () => expect(deadlineOf({ title: '', day: null, time: null }, ZONE, new Date('2026-11-23T18:00:00Z'))).toBe('2026-11-23T21:59:00.000Z'));
