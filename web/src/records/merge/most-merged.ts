/** As many records as the server merges at once. */
export const MOST_MERGED = 20;
