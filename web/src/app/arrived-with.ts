/** The parameters that the page was opened with, as they came: the router reads what looks like a number as one, and writes it anew. */
export const arrivedWith = new URLSearchParams(window.location.search);
