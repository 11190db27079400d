/** The app on the phone: one-time codes of a key, as RFC 6238 has them. */
import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function decode(base32: string): Buffer {
  const bits = [...base32.replace(/\s/g, '')].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The code of now, or of so many half minutes later: the server takes the next one, too. */
export function codeOf(key: string, stepsAhead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const tag = createHmac('sha1', decode(key)).update(counter).digest();
  const start = (tag.at(-1) ?? 0) & 0xf;
  return String((tag.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
