/** Addresses in one line, and what becomes of their point. */
import { expect, it } from 'vitest';
import { addressText, changedAddress, pointText } from './address-text';

const address = { label: null, street: 'Хрещатик, 1', city: 'Київ', country: 'UA', latitude: 50.4501, longitude: 30.5234 };

it('an address without words is its point', () => {
  expect(addressText(address, 'uk')).toBe('Хрещатик, 1, Київ, Україна');
  expect(addressText({ label: null, latitude: 50.4501, longitude: 30.5234 }, 'uk')).toBe('50.4501, 30.5234');
  expect(pointText({ label: null, city: 'Київ' })).toBeNull();
});

it('the point goes with the city that it was set for', () => {
  expect(changedAddress(address, { street: 'Хрещатик, 2' }).latitude).toBe(50.4501);
  expect(changedAddress(address, { city: 'Львів' })).toMatchObject({ city: 'Львів', latitude: null, longitude: null });
  expect(changedAddress({ label: null, city: 'Київ' }, { city: 'Львів' })).toEqual({ label: null, city: 'Львів' });
});
