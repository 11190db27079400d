/** Text of a file whose encoding nobody said: UTF-8 (or UTF-16 by its mark), else the Cyrillic one of Windows. */
export function decodeText(bytes: Uint8Array, isCut: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    // A cut may fall inside a letter; as a stream such an end is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
