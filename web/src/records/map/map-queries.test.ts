import { describe, expect, it } from 'vitest';
import { isSameAddress } from './map-queries';

describe('an address that the service is asked about', () => {
  const asked = { street: 'Сумська, 1', city: 'Харків', country: 'UA', label: 'office' } as const;

  it('is the same while nothing that is asked has changed', () => {
    expect(isSameAddress(asked, { ...asked, postcode: '', region: null, latitude: 50, longitude: 36, label: 'home' })).toBe(true);
  });

  it('is another one with another street, postcode, town, region or country', () => {
    for (const part of ['street', 'postcode', 'city', 'region', 'country']) expect(isSameAddress({ ...asked, [part]: 'інше' }, asked), part).toBe(false);
  });
});
