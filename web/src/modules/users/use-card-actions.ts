/** What an administrator does with the card of a user; each can be taken back from the toast. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fieldProblems, useErrorText } from '@/api/errors';
import { forgetRecords, recordQuery, useChangeRecord } from '@/api/records';
import type { FieldProblem, RecordItem, RecordReference } from '@/api/types';
import { useMakeUserCard } from '@/api/users';
import { isEmptyValue } from '@/fields/values';
import { useUndoWithToast } from '@/records/operations/use-undo-with-toast';
import { showToast } from '@/ui/toast';
import { USER_FIELD } from './user-cards';

export interface CardActions {
  make: () => Promise<void>;
  unlink: (card: RecordItem) => Promise<void>;
  isPending: boolean;
}

/** The contact that has the user's e-mail already: it may well be his. */
function ownerOf(problem: FieldProblem | undefined): RecordReference | null {
  const { id, title, type } = problem?.params ?? {};
  return typeof id === 'number' && typeof title === 'string' && typeof type === 'string' ? { id, title, type } : null;
}

export function useCardActions(user: RecordItem, onLinkCard: (suggested: RecordReference | null) => void): CardActions {
  const { t } = useTranslation('users');
  const errorText = useErrorText();
  // Callbacks given to `mutate` are dropped with their component.
  const { mutateAsync: makeCard, isPending } = useMakeUserCard();
  const { mutateAsync: change } = useChangeRecord('contact');
  const { showDone } = useUndoWithToast();
  const client = useQueryClient();

  function tell(text: string, operation: number | null): void {
    showDone(text, operation);
  }

  /** Whether the contact may become a card: a colleague's card is not taken from him by the way, and a company is nobody's. */
  async function isFree({ type, id }: RecordReference): Promise<boolean> {
    const { values } = await client.fetchQuery(recordQuery(type, id));
    return values.kind === 'person' && isEmptyValue(values[USER_FIELD]);
  }

  return {
    isPending,
    make: async () => {
      try {
        const { operation_id: operation } = await makeCard(user.id);
        tell(t('card_made', { name: user.title }), operation);
      } catch (error) {
        const suggested = ownerOf(fieldProblems(error).get('channels')?.[0]);
        if (suggested !== null && (await isFree(suggested))) onLinkCard(suggested);
        else showToast(errorText(error), { tone: 'error' });
      }
    },
    unlink: async (card) => {
      try {
        const { operation_id: operation } = await change({ id: card.id, version: card.version, values: { [USER_FIELD]: null } });
        forgetRecords(client, card.type);
        tell(t('card_unlinked', { name: user.title }), operation);
      } catch (error) {
        showToast(errorText(error), { tone: 'error' });
      }
    },
  };
}
