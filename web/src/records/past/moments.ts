/** Moments that people ask for, as the server writes them. */
export function momentsAgo(now: Date): Record<'hour' | 'day' | 'week' | 'month', string> {
  const days = (count: number): string => new Date(now.getTime() - count * 86_400_000).toISOString();
  const month = new Date(now);
  month.setMonth(month.getMonth() - 1);
  // The 31st of a shorter month would be a day of the next one.
  if (month.getDate() !== now.getDate()) month.setDate(0);
  return { hour: new Date(now.getTime() - 3_600_000).toISOString(), day: days(1), week: days(7), month: month.toISOString() };
}
