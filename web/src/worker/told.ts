/** What a push says, and whether it is shown. */

/** The payload as the server writes it. */
export interface Told {
  /** 0 for a trial. */
  id: number;
  user_id: number;
  language: string;
  title: string;
  body: string;
  url: string;
}

export function readTold(text: string | undefined): Told | null {
  try {
    const { id, user_id: userId, language, title, body, url } = JSON.parse(text ?? '') as Partial<Told>;
    if (typeof id !== 'number' || typeof userId !== 'number' || typeof title !== 'string' || typeof url !== 'string') return null;
    return { id, user_id: userId, language: language ?? '', title, body: body ?? '', url };
  } catch {
    return null;
  }
}

export interface Surroundings {
  /** Who works in this browser: null for nobody, undefined while that is not known. */
  reader: number | null | undefined;
  /** A page of the program is on the screen, and its bell has told already. */
  isPageVisible: boolean;
  /** Safari takes the permission away from whoever stays silent. */
  mustShow: boolean;
}

/** A browser in which nobody, or somebody else, works by now stays silent; so does one whose page is seen. A trial is always shown. */
export function isShown(told: Told, { reader, isPageVisible, mustShow }: Surroundings): boolean {
  if (reader === null || (reader !== undefined && reader !== told.user_id)) return false;
  return told.id === 0 || mustShow || !isPageVisible;
}

/** The same tag replaces what is on the screen: what the server sent twice is shown once. */
export function tagOf(told: Told): string {
  return `notification-${told.id}`;
}

/** A page of this program; anything else is its start. */
export function pageOf(url: unknown, origin: string): string {
  if (typeof url !== 'string' || !url.startsWith('/')) return '/';
  const page = new URL(url, origin);
  return page.origin === origin ? page.pathname + page.search + page.hash : '/';
}

export function isSafari(userAgent: string): boolean {
  return /\bSafari\//.test(userAgent) && !/Chrom(e|ium)\/|\bAndroid\b/.test(userAgent);
}
