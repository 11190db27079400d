/**
 * The program itself, so that it opens without a connection. Files with a hash in their names never change, so they are taken from here first; the page
 * that names them comes from the server whenever that can be reached. So nobody gets old code after an update.
 */

/** Written by the build: the files of this version. */
declare const SHELL: { version: string; files: readonly string[] };

/** The build writes the whole of it wherever it is named. */
const shell = SHELL;

const PLACE = 'shell-';
const INDEX = '/';

export async function install(): Promise<void> {
  const cache = await caches.open(PLACE + shell.version);
  // One that does not come is fetched when it is wanted.
  await Promise.allSettled([INDEX, ...shell.files].map((file) => cache.add(file)));
}

/** The version before stays: a page that was open over the update may still ask for a part of it. */
export async function dropOld(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PLACE) && name !== PLACE + shell.version);
  for (const name of names.slice(0, -1)) await caches.delete(name);
}

/** Whether a page was built with this worker. */
export function isOfThisVersion(script: unknown): boolean {
  return typeof script === 'string' && shell.files.includes(script);
}

/** A page: the server first. */
export async function page(request: Request): Promise<Response> {
  const cache = await caches.open(PLACE + shell.version);
  try {
    const response = await fetch(request);
    if (response.status !== 502 && response.status !== 504) return response;
    return (await cache.match(INDEX)) ?? response;
  } catch (error) {
    const kept = await cache.match(INDEX);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** A file whose name changes with its content. */
export async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(PLACE + shell.version)).put(request, response.clone());
  return response;
}
