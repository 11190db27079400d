/** The id of a day in an open calendar, for whoever has the focus. */
export function dayId(gridId: string, day: string): string {
  return `${gridId}-${day}`;
}
