import { expect, it } from 'vitest';
import type { Field } from '@/api/types';
import { waysToReach } from './reach-of';

const field = {
  name: 'channels',
  kind: 'channels',
  settings: { kinds: [{ key: 'phone', links: 'tel:' }, { key: 'email', links: 'mailto:' }, { key: 'fax' }] },
} as unknown as Field;
const channel = (kind: string, value: string, more = {}) => ({ kind, label: null, value, ...more });

it('the primary phone and e-mail come first, else the first of each', () => {
  const channels = [channel('email', 'a@b.c'), channel('phone', '+1'), channel('phone', '+2', { is_primary: true, display: '+2 2' })];
  expect(waysToReach({ values: { channels } }, [field])).toEqual({
    phone: { text: '+2 2', link: 'tel:+2' },
    email: { text: 'a@b.c', link: 'mailto:a@b.c' },
  });
  expect(waysToReach({ values: { channels: [channel('fax', '+3')] } }, [field])).toEqual({ phone: null, email: null });
  expect(waysToReach({ values: {} }, [])).toEqual({ phone: null, email: null });
});
