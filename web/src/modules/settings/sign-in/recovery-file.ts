/** The text that people keep: a head that says what it is for, then a code a line; lines end as Notepad wants them. */
export function recoveryFile(head: string, codes: readonly string[]): string {
  return [head, '', ...codes, ''].join('\r\n');
}
