import { useState } from 'react';

/** The secret of a link stands behind `#`. It is taken out of the address at once, so that it is in no history and on no screen. */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
