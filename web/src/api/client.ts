/**
 * The one door to the server. Every call answers the parsed body or throws `ApiError`;
 * a call that never reached the server throws `ApiError` with the code `offline`.
 */
import { reportKept, reportReachable } from './connection';
import type { ApiMethod, ApiPath } from './paths';
import type { Problem } from './types';

const BASE_PATH = '/api/v1';

export type QueryParams = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A refusal of the server (its problem document) or of the network (`status` 0). */
export class ApiError extends Error {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.code);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export interface RequestOptions {
  query?: QueryParams;
  body?: unknown;
  /** The version the change starts from; sent as `If-Match`. */
  version?: number;
  /** Makes a repeated request harmless; see `newIdempotencyKey`. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** A path under the API with its query; empty parameters are left out. */
export function apiUrl(path: ApiPath<ApiMethod>, query: QueryParams = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return `${BASE_PATH}${path}${text === '' ? '' : `?${text}`}`;
}

export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function send<Answer>(method: string, path: ApiPath<ApiMethod>, options: RequestOptions): Promise<Answer> {
  const headers = new Headers({ Accept: 'application/json' });
  if (method !== 'GET') headers.set('Content-Type', 'application/json');
  if (options.version !== undefined) headers.set('If-Match', `"${options.version}"`);
  if (options.idempotencyKey !== undefined) headers.set('Idempotency-Key', options.idempotencyKey);
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    reportReachable(false);
    throw new ApiError({ status: 0, code: 'offline' });
  }
  const keptAt = response.headers.get('X-Kept-At');
  if (keptAt === null) reportReachable(true);
  else reportKept(keptAt);
  return readAnswer<Answer>(response.status, response.headers.get('Retry-After'), await response.text());
}

function readAnswer<Answer>(status: number, retryAfter: string | null, text: string): Answer {
  const body = parseJson(text);
  if (status >= 200 && status < 300) return body as Answer;
  throw new ApiError(readProblem(status, body), retryAfter === null ? null : Number(retryAfter) || null);
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A problem document, or one made from the bare status when a proxy answered instead. */
function readProblem(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    return { ...(body as Problem), status };
  }
  const code = status === 401 ? 'unauthenticated' : status === 404 ? 'not_found' : status === 503 ? 'overloaded' : 'internal';
  return { status, code };
}

export const api = {
  get: <Answer>(path: ApiPath<'get'>, query?: QueryParams, signal?: AbortSignal): Promise<Answer> =>
    send<Answer>('GET', path, { query, signal }),
  post: <Answer>(path: ApiPath<'post'>, body: unknown = {}, options: RequestOptions = {}): Promise<Answer> =>
    send<Answer>('POST', path, { ...options, body }),
  put: <Answer>(path: ApiPath<'put'>, body: unknown, options: RequestOptions = {}): Promise<Answer> =>
    send<Answer>('PUT', path, { ...options, body }),
  patch: <Answer>(path: ApiPath<'patch'>, body: unknown, options: RequestOptions = {}): Promise<Answer> =>
    send<Answer>('PATCH', path, { ...options, body }),
  delete: <Answer>(path: ApiPath<'delete'>, options: RequestOptions = {}): Promise<Answer> => send<Answer>('DELETE', path, options),
  upload: uploadFile,
};

export interface UploadOptions {
  query?: QueryParams;
  /** Called with bytes sent and bytes in all. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as it is. `fetch` cannot report the progress of a request, hence the older interface. */
function uploadFile<Answer>(path: ApiPath<'post'>, file: Blob, options: UploadOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiUrl(path, options.query));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => options.onProgress?.(event.loaded, event.total));
    request.addEventListener('load', () => {
      try {
        resolve(readAnswer<Answer>(request.status, request.getResponseHeader('Retry-After'), request.responseText));
      } catch (error) {
        reject(error as Error);
      }
    });
    request.addEventListener('error', () => reject(new ApiError({ status: 0, code: 'offline' })));
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled', 'AbortError')));
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
