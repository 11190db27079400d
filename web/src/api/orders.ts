/** Orders that are made of deals. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from './client';
import { keys } from './keys';
import { forgetRecords } from './records';
import type { WriteAnswer } from './types';

/** Makes an order of a deal with copies of its lines. */
export function useOrderDeal() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (dealId: number) => api.post<WriteAnswer>(`/deals/${dealId}/order`, {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ record }) => {
      client.setQueryData(keys.record('order', record.id), record);
      forgetRecords(client, 'order');
      forgetRecords(client, 'line_item');
    },
  });
}
