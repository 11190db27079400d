/** The place of a card comes after the card. */
import { lazyPart } from '@/ui/lazy-part';

export const Location = lazyPart(() => import('./Location'), 'Location');
