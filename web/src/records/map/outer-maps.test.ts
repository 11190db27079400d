/** Links to maps with streets. */
import { expect, it } from 'vitest';
import { googleLink, yandexLink } from './outer-maps';

it('a point is linked by its numbers, an address by its words', () => {
  const point = { latitude: 50.4501, longitude: 30.5234 };
  expect(googleLink(point, 'Київ')).toBe('https://www.google.com/maps/search/?api=1&query=50.4501%2C30.5234');
  expect(yandexLink(point, 'Київ')).toBe('https://yandex.com/maps/?pt=30.5234,50.4501&z=16&l=map');
  expect(googleLink(null, 'Хрещатик, 1 & Ко')).toContain(encodeURIComponent('Хрещатик, 1 & Ко'));
  expect(yandexLink(null, 'Київ')).toBe(`https://yandex.com/maps/?text=${encodeURIComponent('Київ')}`);
});
