/** Letters and digits that cannot be mistaken for one another when read aloud. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 14;

/** A random first password to hand over: 14 characters of 55, about 80 bits. */
export function newPassword(): string {
  let password = '';
  while (password.length < LENGTH) {
    // Bytes beyond the last whole multiple are thrown away, so that every letter is equally likely.
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % LETTERS.length)) password += LETTERS[byte % LETTERS.length] ?? '';
  }
  return password;
}
