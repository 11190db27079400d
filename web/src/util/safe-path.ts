/** Only a path of this program may be gone to after the login; everything else leads to the first page. */
export function safePath(next: string | undefined, origin: string): string {
  // Browsers leave out tabs and line breaks and read `\` as `/`, so a path may turn into an address of another host.
  // eslint-disable-next-line no-control-regex
  if (next === undefined || !next.startsWith('/') || /[\\\u0000-\u0020\u007f-\u00a0\u2028\u2029]/u.test(next)) return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
  } catch {
    return '/';
  }
}
