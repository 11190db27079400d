import { expect, it } from 'vitest';
import { linesFor, writeInTurn, type Line } from './lines';

it('places lines behind the last, each with its key', () => {
  const lines = linesFor(['Акт', 'Счёт'], 3, null);
  expect(lines.map(({ text, place }) => [text, place])).toEqual([
    ['Акт', 4],
    ['Счёт', 5],
  ]);
  expect(new Set(lines.map(({ key }) => key)).size).toBe(2);
});

it('sends what failed as it was, and the rest behind it', async () => {
  const written: string[] = [];
  const write = (line: Line): Promise<void> => {
    if (line.text === 'Счёт') return Promise.reject(new Error('no network'));
    written.push(line.text);
    return Promise.resolve();
  };
  const failed = await writeInTurn(linesFor(['Акт', 'Счёт', 'Письмо'], 0, null), write);
  expect(written).toEqual(['Акт']);
  const rest = failed?.rest ?? [];
  expect(rest.map(({ text }) => text)).toEqual(['Счёт', 'Письмо']);
  const again = linesFor(rest.map(({ text }) => text), 1, rest[0] ?? null);
  expect(again[0]).toEqual(rest[0]);
  expect(again.map(({ place }) => place)).toEqual([2, 3]);
  // It had arrived, and somebody has added another since.
  expect(linesFor(['Счёт', 'Письмо'], 5, rest[0] ?? null).map(({ place }) => place)).toEqual([2, 6]);
  expect(linesFor(['Договор'], 1, rest[0] ?? null)[0]?.key).not.toBe(rest[0]?.key);
  expect(await writeInTurn(again, () => Promise.resolve())).toBeNull();
});
