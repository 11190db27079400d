/** Which fields tell a record at a glance: over its name, and on its tile. */

/** Until an administrator chooses. */
export const DEFAULT_HOVER: readonly string[] = ['channels', 'position', 'parent'];

export function hoverNames(chosen: readonly string[]): readonly string[] {
  return chosen.length > 0 ? chosen : DEFAULT_HOVER;
}
