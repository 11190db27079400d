/** Kinds that can only be asked whether they are empty need no control. */
export function NoFilter() {
  return null;
}
