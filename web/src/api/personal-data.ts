/** Personal data: what people consented to, everything about one person, erasing him, and the acts of that. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, apiUrl, newIdempotencyKey } from './client';
import type { components } from './generated/schema';
import { showJob } from './jobs';
import { keys } from './keys';
import { forgetRecords } from './records';
import type { Job, Page } from './types';

export type SubjectPreview = components['schemas']['SubjectPreview'];
export type ConsentState = components['schemas']['ConsentState'];
export type ConsentInput = components['schemas']['ConsentInput'];
export type DestructionAct = components['schemas']['DestructionAct'];
export type DataMap = components['schemas']['DataMap'];
export type ErasedAddress = components['schemas']['ErasedAddress'];
export type RestrictInput = components['schemas']['RestrictInput'];
export type EraseInput = components['schemas']['EraseInput'];

const subject = (id: number) => `/personal-data/subjects/${id}` as const;

export const subjectQuery = (id: number) =>
  queryOptions({ queryKey: keys.subject(id), queryFn: ({ signal }) => api.get<SubjectPreview>(subject(id), undefined, signal), staleTime: 0 });

export const consentsQuery = (id: number) =>
  queryOptions({
    queryKey: keys.consents(id),
    queryFn: ({ signal }) => api.get<{ items: ConsentState[]; can_record: boolean }>(`${subject(id)}/consents`, undefined, signal),
  });

export const actsQuery = queryOptions({
  queryKey: keys.destructionActs,
  queryFn: ({ signal }) => api.get<Page<DestructionAct>>('/personal-data/acts', { limit: 100 }, signal),
});

export const dataMapQuery = queryOptions({
  queryKey: keys.dataMap,
  queryFn: ({ signal }) => api.get<DataMap>('/personal-data/map', undefined, signal),
});

/** Where the page of an act is. */
export function actPageUrl(act: DestructionAct): string {
  return apiUrl(`/personal-data/acts/${act.id}/page`);
}

export function useEraseSubject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: EraseInput & { id: number }) =>
      api.post<{ job: Job }>(`${subject(id)}/erase`, input, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => {
      showJob(client, job);
      void client.invalidateQueries({ queryKey: keys.destructionActs });
    },
  });
}

/** Restricts the use of a contact, or lifts the restriction: who sees it then, and where, is another. */
export function useRestrictSubject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, idempotencyKey, ...input }: RestrictInput & { id: number; idempotencyKey: string }) =>
      api.post<{ operation_id: number }>(`${subject(id)}/restrict`, input, { idempotencyKey }),
    onSuccess: () => forgetRecords(client, 'contact'),
  });
}

export function useLiftRestriction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, idempotencyKey, reason }: { id: number; idempotencyKey: string; reason: string }) =>
      api.post<{ operation_id: number }>(`${subject(id)}/lift-restriction`, { reason }, { idempotencyKey }),
    onSuccess: () => forgetRecords(client, 'contact'),
  });
}

export const erasedAddressesQuery = queryOptions({
  queryKey: keys.erasedAddresses,
  queryFn: ({ signal }) => api.get<{ count: number }>('/personal-data/erased-addresses', undefined, signal),
});

/** Whether an address is on the list of erased ones. */
export function useCheckErasedAddress() {
  return useMutation({
    mutationFn: (address: string) => api.post<ErasedAddress>('/personal-data/erased-addresses/check', { address }),
  });
}

export function useRemoveErasedAddress() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (address: string) =>
      api.post<{ count: number }>('/personal-data/erased-addresses/remove', { address }, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: (answer) => client.setQueryData(keys.erasedAddresses, answer),
  });
}

export function useExportSubject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.post<{ job: Job }>(`${subject(id)}/export`, {}, { idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ job }) => showJob(client, job),
  });
}

export function useRecordConsent(contactId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ idempotencyKey, ...input }: ConsentInput & { idempotencyKey: string }) =>
      api.post<{ id: number; operation_id: number }>(`${subject(contactId)}/consents`, input, { idempotencyKey }),
    onSuccess: () => {
      forgetRecords(client, 'consent');
      forgetRecords(client, 'contact');
      return client.invalidateQueries({ queryKey: keys.consents(contactId) });
    },
  });
}
