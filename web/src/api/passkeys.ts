/** Passkeys: the browser makes and asks keys of the device, the server judges what they say. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fromBase64Url, toBase64Url } from '@/util/base64url';
import { api } from './client';
import { keys } from './keys';
import { beginSession } from './session';
import { forgetSecondStep, type RecoveryCodes, type SecondStepWish } from './sign-in';
import type { Page, Session } from './types';

export interface Passkey {
  id: number;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export interface KeyRequest {
  ticket: string;
  challenge: string;
  site: string;
  user: { id: string; login: string; name: string } | null;
  keys: string[];
  algorithms: number[];
}

/** The person has closed the question of the browser, or has no key for it. */
export class PasskeyRefused extends Error {}

/** Browsers have keys for pages served over HTTPS, and on the machine itself. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window;
}

function allowed(ids: readonly string[]): PublicKeyCredentialDescriptor[] {
  return ids.map((id) => ({ type: 'public-key', id: fromBase64Url(id) }));
}

/** What the browser answers; it tells not why there is no answer, so that pages learn nothing of the keys of a person. */
async function answerOf(question: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const answer = await question.catch((error: unknown) => {
    throw new PasskeyRefused(String(error));
  });
  if (!(answer instanceof PublicKeyCredential)) throw new PasskeyRefused('no key');
  return answer;
}

async function makeKey(request: KeyRequest): Promise<{ client_data: string; attestation_object: string }> {
  const { user } = request;
  const made = await answerOf(
    navigator.credentials.create({
      publicKey: {
        challenge: fromBase64Url(request.challenge),
        rp: { id: request.site, name: 'Kartoteka' },
        user: { id: fromBase64Url(user?.id ?? ''), name: user?.login ?? '', displayName: user?.name ?? '' },
        pubKeyCredParams: request.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: allowed(request.keys),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
      },
    }),
  );
  const response = made.response as AuthenticatorAttestationResponse;
  return { client_data: toBase64Url(response.clientDataJSON), attestation_object: toBase64Url(response.attestationObject) };
}

async function askKey(request: KeyRequest): Promise<object> {
  const proof = await answerOf(
    navigator.credentials.get({
      publicKey: {
        challenge: fromBase64Url(request.challenge),
        rpId: request.site,
        allowCredentials: allowed(request.keys),
        userVerification: 'required',
      },
    }),
  );
  const response = proof.response as AuthenticatorAssertionResponse;
  return {
    id: toBase64Url(proof.rawId),
    client_data: toBase64Url(response.clientDataJSON),
    authenticator_data: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
  };
}

export function usePasskeys() {
  return useQuery({
    queryKey: keys.passkeys,
    queryFn: ({ signal }) => api.get<Page<Passkey>>('/session/passkeys', undefined, signal),
  });
}

export function useCreatePasskey() {
  return useMutation({
    mutationFn: async (name: string) => {
      const request = await api.post<KeyRequest>('/session/passkeys/begin');
      const key = await makeKey(request);
      return api.post<RecoveryCodes>('/session/passkeys', { ticket: request.ticket, name, key });
    },
    gcTime: 0,
  });
}

export function useRemovePasskey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, password, code }: { id: number; password: string; code?: string }) =>
      api.post<RecoveryCodes>(`/session/passkeys/${id}/remove`, { password, ...(code === undefined ? {} : { code }) }),
    gcTime: 0,
    onSuccess: () => forgetSecondStep(client),
  });
}

/** A login without a password; with the ticket of a right password, the second step of a login, or of giving the password again. */
export function usePasskeyLogin(ticket?: string, wish: SecondStepWish = 'log_in') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (ticket === undefined) {
        const request = await api.post<KeyRequest>('/session/passkey/begin');
        return api.post<Session>('/session/passkey', { ticket: request.ticket, proof: await askKey(request) });
      }
      if (wish === 'log_in') {
        const request = await api.post<KeyRequest>('/session/second-step/passkey/begin', { ticket });
        return api.post<Session>('/session/second-step/passkey', { ticket, proof: await askKey(request) });
      }
      const request = await api.post<KeyRequest>('/session/confirm/passkey/begin', { ticket });
      return api.post<undefined>('/session/confirm/passkey', { ticket, proof: await askKey(request) });
    },
    gcTime: 0,
    onSuccess: (session) => {
      if (session !== undefined) beginSession(client, session);
    },
  });
}
