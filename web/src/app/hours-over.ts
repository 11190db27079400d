/** Where the page notes for the login that a session ended with the working hours. */
export const HOURS_OVER = 'kartoteka.hours_over';
