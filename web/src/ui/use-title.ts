import { useEffect } from 'react';

const PROGRAM = 'Kartoteka';

/** Names the tab of the browser after the screen, as long as the screen stands; empty while its name is not known. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined || title === '') return;
    document.title = `${title} — ${PROGRAM}`;
    return () => {
      document.title = PROGRAM;
    };
  }, [title]);
}
