import { useSyncExternalStore } from 'react';
import { lazyPart } from '@/ui/lazy-part';
import { hideLaterChanges, laterStore } from './later-store';

const LaterChangesDialog = lazyPart(() => import('./LaterChangesDialog'), 'LaterChangesDialog');

/** Shows the question about later changes wherever it was asked. */
export function LaterChangesHost() {
  const question = useSyncExternalStore(laterStore.subscribe, laterStore.read);
  return question === null ? null : <LaterChangesDialog key={question.operationId} question={question} onClose={hideLaterChanges} />;
}
