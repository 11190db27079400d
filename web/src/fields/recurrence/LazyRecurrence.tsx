import { lazyPart } from '@/ui/lazy-part';

/** In few lists, so its words come when they are wanted. */
export const LazyRecurrence = lazyPart(() => import('./RecurrenceDisplay'), 'RecurrenceDisplay');
